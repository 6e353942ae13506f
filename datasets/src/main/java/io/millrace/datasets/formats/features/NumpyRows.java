package io.millrace.datasets.formats.features;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.npy.NumpyReader;
import java.nio.file.Path;

/**
 * Feature rows from a numpy array of shape {@code [numNodes, dim]} or {@code [numNodes]}, of any
 * type of numbers, in C order. ({@code TransposedRows} takes Fortran order.)
 */
@Internal
public final class NumpyRows implements FeatureSource {
  private final NumpyReader in;
  private final int dim;

  private NumpyRows(NumpyReader in, int dim) {
    this.in = in;
    this.dim = dim;
  }

  /**
   * @param in closed by the source, also if this fails
   * @param scratch the path of a temporary file for a transposed array; deleted when the source is
   *     closed
   */
  public static FeatureSource of(NumpyReader in, int numNodes, Path scratch) {
    try {
      int dim = dim(in, numNodes);
      return in.isTransposed()
          ? TransposedRows.of(in, numNodes, dim, scratch)
          : new NumpyRows(in, dim);
    } catch (RuntimeException | Error e) {
      in.close();
      throw e;
    }
  }

  /** The number of columns. Bad input unless there is one row per node. */
  public static int dim(NumpyReader in, int numNodes) {
    int rank = in.shape().size();
    long dim = rank == 2 ? in.shape().get(1) : 1;
    if (rank < 1 || rank > 2 || in.shape().getFirst() != numNodes || dim < 1 || dim != (int) dim) {
      throw in.wrongShape("[" + numNodes + ", number of features]");
    }
    return (int) dim;
  }

  @Override
  public int dim() {
    return dim;
  }

  @Override
  public void next(double[] row) {
    in.next(row);
  }

  /** The shape was checked, and the reader checks the file's end. */
  @Override
  public void end() {}

  @Override
  public BadInputException error(String rule, Object... namesAndValues) {
    return in.error("row", in.position() / dim - 1, rule, namesAndValues);
  }

  @Override
  public void close() {
    in.close();
  }
}
