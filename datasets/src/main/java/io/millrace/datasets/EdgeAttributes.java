package io.millrace.datasets;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.Require;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/**
 * The attributes of the edges of a {@link CsrGraph}, in the order of its {@code indices}: ids,
 * times, weights and features, each if there are any. {@link #columns} tells which ones there are;
 * access to another one is a {@link BadInputException}.
 *
 * <p>Immutable and shared by all threads. It does not own its memory: see {@link GraphDataset}.
 */
public final class EdgeAttributes {
  /** No attributes; {@link #withWeights} and its siblings add some. */
  public static final EdgeAttributes NONE = new EdgeAttributes(EdgeColumns.NONE, Map.of());

  private final EdgeColumns columns;
  private final Map<DatasetFile, MemorySegment> values = new EnumMap<>(DatasetFile.class);

  /**
   * @param values the elements of each column
   */
  EdgeAttributes(EdgeColumns columns, Map<DatasetFile, MemorySegment> values) {
    this.columns = columns;
    values.forEach((array, elements) -> this.values.put(array, elements.asReadOnly()));
  }

  /**
   * These attributes, and the position of each edge in its input. Here and in the siblings the
   * elements are little-endian, in the order of the graph's {@code indices}, and not copied: the
   * caller keeps them alive and unchanged. {@code MemorySegment.ofArray} makes a segment of a Java
   * array. {@link GraphDataset.Builder#edges} checks the size.
   *
   * @param ids int64 {@code [numEdges]}
   */
  public EdgeAttributes withIds(MemorySegment ids) {
    EdgeColumns with =
        new EdgeColumns(true, columns.weights(), columns.times(), columns.featureDim());
    return with(with, DatasetFile.EDGE_IDS, ids);
  }

  /**
   * These attributes and weights.
   *
   * @param weights float32 {@code [numEdges]}
   */
  public EdgeAttributes withWeights(MemorySegment weights) {
    EdgeColumns with = new EdgeColumns(columns.ids(), true, columns.times(), columns.featureDim());
    return with(with, DatasetFile.EDGE_WEIGHTS, weights);
  }

  /**
   * These attributes and times.
   *
   * @param times int64 {@code [numEdges]}
   */
  public EdgeAttributes withTimes(MemorySegment times) {
    EdgeColumns with =
        new EdgeColumns(columns.ids(), columns.weights(), true, columns.featureDim());
    return with(with, DatasetFile.EDGE_TIME, times);
  }

  /**
   * These attributes and features.
   *
   * @param dim values per edge
   * @param features float32 {@code [numEdges x dim]}, row-major
   * @throws BadInputException if {@code dim} is not positive, or too large
   */
  public EdgeAttributes withFeatures(int dim, MemorySegment features) {
    Require.positive("dim", dim);
    EdgeColumns with = new EdgeColumns(columns.ids(), columns.weights(), columns.times(), dim);
    return with(with, DatasetFile.EDGE_FEATURES, features);
  }

  private EdgeAttributes with(EdgeColumns newColumns, DatasetFile array, MemorySegment elements) {
    Map<DatasetFile, MemorySegment> all = new EnumMap<>(DatasetFile.class);
    all.putAll(values);
    all.put(array, elements);
    return new EdgeAttributes(newColumns, all);
  }

  /** Checks that each column has one row per edge. */
  void requireRows(Object where, long numEdges) {
    values.forEach(
        (array, elements) -> {
          int dim = array == DatasetFile.EDGE_FEATURES ? columns.featureDim() : 1;
          long need = Math.multiplyExact(numEdges, (long) dim * array.type().bytes());
          if (elements.byteSize() != need) {
            throw BadInputException.of(
                "edge attributes must have one row per edge",
                "dataset",
                where,
                "column",
                array.path(),
                "bytes",
                elements.byteSize(),
                "need",
                need);
          }
        });
  }

  /**
   * Checks that there are the columns that a model or a slicer reads.
   *
   * @throws BadInputException if one is missing, or the features have another number of columns
   */
  public void requireColumns(EdgeColumns wanted) {
    require("ids", wanted.ids(), columns.ids());
    require("times", wanted.times(), columns.times());
    require("weights", wanted.weights(), columns.weights());
    require("features", wanted.featureDim() > 0, columns.featureDim() > 0);
    if (wanted.featureDim() > 0 && wanted.featureDim() != columns.featureDim()) {
      throw BadInputException.of(
          "edges have another number of features",
          "edgeFeatures",
          columns.featureDim(),
          "need",
          wanted.featureDim());
    }
  }

  private static void require(String column, boolean wanted, boolean exists) {
    if (wanted && !exists) {
      throw BadInputException.of("edges of the dataset lack what is read of them", "need", column);
    }
  }

  /** Which columns there are. */
  public EdgeColumns columns() {
    return columns;
  }

  /** The edge's position in the input that the graph was made from. */
  public long id(long position) {
    return ids().getAtIndex(JAVA_LONG, position);
  }

  public long time(long position) {
    return times().getAtIndex(JAVA_LONG, position);
  }

  public float weight(long position) {
    return weights().getAtIndex(JAVA_FLOAT, position);
  }

  public float feature(long position, int column) {
    return features().getAtIndex(JAVA_FLOAT, position * columns.featureDim() + column);
  }

  /** Read-only int64 {@code [numEdges]}, for loops that visit many edges. */
  public MemorySegment ids() {
    return values(DatasetFile.EDGE_IDS);
  }

  /** Read-only int64 {@code [numEdges]}. */
  public MemorySegment times() {
    return values(DatasetFile.EDGE_TIME);
  }

  /** Read-only float32 {@code [numEdges]}. */
  public MemorySegment weights() {
    return values(DatasetFile.EDGE_WEIGHTS);
  }

  /** Read-only float32 {@code [numEdges x columns().featureDim()]}, row-major. */
  public MemorySegment features() {
    return values(DatasetFile.EDGE_FEATURES);
  }

  private MemorySegment values(DatasetFile array) {
    MemorySegment found = values.get(array);
    if (found == null) {
      throw BadInputException.of("dataset has no such file", "file", array.path());
    }
    return found;
  }

  /** The columns as a directory has them. */
  @Internal
  public Map<DatasetFile, MemorySegment> all() {
    return values;
  }
}
