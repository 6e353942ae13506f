package io.millrace.datasets.formats.features;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.millrace.BadInputException;
import io.millrace.datasets.npy.NumpyReader;
import io.millrace.datasets.platform.ScratchFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Feature rows from a numpy array in Fortran order, which stores column after column. The columns
 * are copied as float32 to a {@link ScratchFile}, from which the rows are gathered.
 */
final class TransposedRows implements FeatureSource {
  private final NumpyReader in;
  private final Arena arena;
  private final MemorySegment columns;
  private final int numNodes;
  private final int dim;
  private int nextRow;

  private TransposedRows(
      NumpyReader in, Arena arena, MemorySegment columns, int numNodes, int dim) {
    this.in = in;
    this.arena = arena;
    this.columns = columns;
    this.numNodes = numNodes;
    this.dim = dim;
  }

  /**
   * @param scratch the path of a file that does not exist yet; none is left when the source is
   *     closed
   */
  static TransposedRows of(NumpyReader in, int numNodes, int dim, Path scratch) {
    long columnBytes = (long) numNodes * Float.BYTES;
    Arena arena = Arena.ofConfined();
    try {
      MemorySegment columns =
          ScratchFile.map(scratch, "transposed features", columnBytes * dim, arena);
      float[] column = new float[numNodes];
      for (int i = 0; i < dim; i++) {
        in.next(column);
        MemorySegment.copy(column, 0, columns, JAVA_FLOAT, i * columnBytes, numNodes);
      }
      return new TransposedRows(in, arena, columns, numNodes, dim);
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
  public void next(float[] row) {
    for (int i = 0; i < dim; i++) {
      row[i] = columns.getAtIndex(JAVA_FLOAT, (long) i * numNodes + nextRow);
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
