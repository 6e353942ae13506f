package io.millrace.datasets.formats.features;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.platform.InputLocation;
import io.millrace.datasets.platform.ScratchFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * The rows of a feature file in the order of the nodes, where the file has another. They are copied
 * to a {@link ScratchFile}.
 */
@Internal
public final class ReorderedRows implements FeatureSource {
  private final Path file;
  private final Arena arena;
  private final MemorySegment values;
  private final int[] rows;
  private final int dim;
  private int nextNode;

  private ReorderedRows(Path file, Arena arena, MemorySegment values, int[] rows, int dim) {
    this.file = file;
    this.arena = arena;
    this.values = values;
    this.rows = rows;
    this.dim = dim;
  }

  /**
   * @param in the rows of the file, closed by this call
   * @param rows the row of each node
   * @param scratch the path of a file that does not exist; none is left when the source is closed
   */
  public static FeatureSource of(FeatureSource in, Path file, int[] rows, Path scratch) {
    Arena arena = Arena.ofConfined();
    try (in) {
      int dim = in.dim();
      long bytes = (long) rows.length * dim * Double.BYTES;
      MemorySegment values = ScratchFile.map(scratch, "reordered features", bytes, arena);
      double[] row = new double[dim];
      for (int i = 0; i < rows.length; i++) {
        in.next(row);
        MemorySegment.copy(row, 0, values, JAVA_DOUBLE, (long) i * dim * Double.BYTES, dim);
      }
      in.end();
      return new ReorderedRows(file, arena, values, rows, dim);
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
    long offset = (long) rows[nextNode++] * dim * Double.BYTES;
    MemorySegment.copy(values, JAVA_DOUBLE, offset, row, 0, dim);
  }

  @Override
  public void end() {}

  @Override
  public BadInputException error(String rule, Object... namesAndValues) {
    Object[] place = {"file", file, "row", rows[nextNode - 1]};
    return InputLocation.error(rule, place, namesAndValues);
  }

  @Override
  public void close() {
    arena.close();
  }
}
