package io.millrace.datasets.formats.features;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.millrace.BadInputException;
import io.millrace.datasets.npy.NumpyReader;
import io.millrace.datasets.platform.ScratchFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Feature rows from a numpy array in Fortran order, which stores column after column. The columns
 * are copied to a {@link ScratchFile}, as float32 if that holds every value of their type and else
 * as float64; the rows are gathered from there.
 */
final class TransposedRows implements FeatureSource {
  private final NumpyReader in;
  private final Arena arena;
  private final MemorySegment columns;
  private final boolean wide;
  private final int numNodes;
  private final int dim;
  private int nextRow;

  private TransposedRows(
      NumpyReader in, Arena arena, MemorySegment columns, boolean wide, int numNodes, int dim) {
    this.in = in;
    this.arena = arena;
    this.columns = columns;
    this.wide = wide;
    this.numNodes = numNodes;
    this.dim = dim;
  }

  /**
   * @param scratch the path of a file that does not exist yet; none is left when the source is
   *     closed
   */
  static TransposedRows of(NumpyReader in, int numNodes, int dim, Path scratch) {
    boolean wide = !in.fitsFloat32();
    long columnBytes = (long) numNodes * (wide ? Double.BYTES : Float.BYTES);
    Arena arena = Arena.ofConfined();
    try {
      MemorySegment columns =
          ScratchFile.map(scratch, "transposed features", columnBytes * dim, arena);
      for (long at = 0; at < (long) numNodes * dim; at++) {
        if (wide) {
          columns.setAtIndex(JAVA_DOUBLE, at, in.next());
        } else {
          columns.setAtIndex(JAVA_FLOAT, at, (float) in.next());
        }
      }
      return new TransposedRows(in, arena, columns, wide, numNodes, dim);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  @Override
  public int dim() {
    return dim;
  }

  @Override
  public void next(double[] row) {
    for (int i = 0; i < dim; i++) {
      long at = (long) i * numNodes + nextRow;
      row[i] = wide ? columns.getAtIndex(JAVA_DOUBLE, at) : columns.getAtIndex(JAVA_FLOAT, at);
    }
    nextRow++;
  }

  @Override
  public void end() {}

  @Override
  public BadInputException error(String rule, Object... namesAndValues) {
    return in.error("row", nextRow - 1, rule, namesAndValues);
  }

  @Override
  public void close() {
    arena.close();
    in.close();
  }
}
