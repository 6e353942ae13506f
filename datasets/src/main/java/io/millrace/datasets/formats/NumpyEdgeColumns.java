package io.millrace.datasets.formats;

import io.millrace.Internal;
import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.csr.EdgeBlock;
import io.millrace.datasets.npy.NumpyReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Edges with values from numpy arrays, which have one row per edge, in the order of the edges:
 * weights and times {@code [E]}, features {@code [E, D]} or {@code [E]}. Edges and arrays are read
 * together, by one thread at a time.
 */
@Internal
public final class NumpyEdgeColumns implements EdgeInput {
  /**
   * The arrays to read.
   *
   * @param ids whether edges keep their position in the input; that needs no array
   */
  public record Source(
      boolean ids, Optional<Path> weights, Optional<Path> times, Optional<Path> features) {
    public boolean isEmpty() {
      return !ids && weights.isEmpty() && times.isEmpty() && features.isEmpty();
    }
  }

  private final EdgeInput edges;
  private final Optional<NumpyReader> weights;
  private final Optional<NumpyReader> times;
  private final Optional<NumpyReader> features;
  private final EdgeColumns columns;
  private long numRead;

  private NumpyEdgeColumns(
      EdgeInput edges,
      boolean ids,
      Optional<NumpyReader> weights,
      Optional<NumpyReader> times,
      Optional<NumpyReader> features) {
    this.edges = edges;
    this.weights = weights;
    this.times = times;
    this.features = features;
    columns =
        new EdgeColumns(
            ids || times.isPresent(),
            weights.isPresent(),
            times.isPresent(),
            features.map(NumpyEdgeColumns::dim).orElse(0));
    Stream.of(weights, times).flatMap(Optional::stream).forEach(NumpyEdgeColumns::requireColumn);
    times.ifPresent(NumpyReader::requireIntegers);
    if (edges.numEdges() >= 0) {
      arrays().forEach(in -> requireRows(in, edges.numEdges()));
    }
  }

  /**
   * @param edges edges without values; closed with the result, also if this fails
   */
  public static EdgeInput open(EdgeInput edges, Source source) {
    List<NumpyReader> opened = new ArrayList<>();
    try {
      return new NumpyEdgeColumns(
          edges,
          source.ids,
          source.weights.map(file -> open(file, opened)),
          source.times.map(file -> open(file, opened)),
          source.features.map(file -> open(file, opened)));
    } catch (RuntimeException | Error e) {
      opened.forEach(NumpyReader::close);
      edges.close();
      throw e;
    }
  }

  private static NumpyReader open(Path file, List<NumpyReader> opened) {
    NumpyReader in = NumpyReader.open(file);
    opened.add(in);
    return in;
  }

  private static void requireColumn(NumpyReader in) {
    if (!NumpyColumns.isColumn(in)) {
      throw in.wrongShape("[number of edges]");
    }
  }

  private static int dim(NumpyReader in) {
    List<Long> shape = in.shape();
    long dim = shape.size() == 2 ? shape.get(1) : 1;
    if (shape.isEmpty() || shape.size() > 2 || dim < 1 || dim != (int) dim || in.isTransposed()) {
      throw in.wrongShape("[number of edges, number of features] in C order");
    }
    return (int) dim;
  }

  private static void requireRows(NumpyReader in, long numEdges) {
    if (in.shape().getFirst() != numEdges) {
      throw in.wrongShape("a row for each of " + numEdges + " edges");
    }
  }

  private Stream<NumpyReader> arrays() {
    return Stream.of(weights, times, features).flatMap(Optional::stream);
  }

  @Override
  public EdgeColumns columns() {
    return columns;
  }

  @Override
  public long numEdges() {
    return edges.numEdges();
  }

  @Override
  public String stage() {
    return edges.stage();
  }

  @Override
  public synchronized long next(EdgeBlock block) {
    long number = edges.next(block);
    if (number == END) {
      return END;
    }
    numRead += block.size();
    arrays().filter(in -> in.shape().getFirst() < numRead).forEach(in -> requireRows(in, numRead));
    weights.ifPresent(in -> putWeights(in, block));
    times.ifPresent(in -> putTimes(in, block));
    features.ifPresent(in -> putFeatures(in, block));
    return number;
  }

  private static void putWeights(NumpyReader in, EdgeBlock block) {
    float[] weight = new float[1];
    for (int edge = 0; edge < block.size(); edge++) {
      next(in, weight);
      block.weight(edge, weight[0]);
    }
  }

  private static void putTimes(NumpyReader in, EdgeBlock block) {
    long[] time = new long[1];
    for (int edge = 0; edge < block.size(); edge++) {
      in.next(time, 1);
      block.time(edge, time[0]);
    }
  }

  private void putFeatures(NumpyReader in, EdgeBlock block) {
    float[] row = new float[columns.featureDim()];
    for (int edge = 0; edge < block.size(); edge++) {
      next(in, row);
      for (int column = 0; column < row.length; column++) {
        block.feature(edge, column, row[column]);
      }
    }
  }

  private static void next(NumpyReader in, float[] row) {
    in.next(row);
    for (int column = 0; column < row.length; column++) {
      if (!Float.isFinite(row[column])) {
        long element = in.position() - row.length + column;
        throw in.error("element", element, "value is not finite in 32 bits", "value", row[column]);
      }
    }
  }

  @Override
  public void end(long found) {
    edges.end(found);
    arrays().forEach(in -> requireRows(in, found));
  }

  @Override
  public void close() {
    edges.close();
    arrays().forEach(NumpyReader::close);
  }
}
