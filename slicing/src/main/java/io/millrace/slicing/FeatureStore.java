package io.millrace.slicing;

import io.millrace.datasets.BadInputException;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.NpyRows;
import java.lang.foreign.MemorySegment;

/**
 * Gathers feature rows: row {@code i} of the output is the row of {@code nodes[i]}, in the type of
 * the matrix or widened from float16 to float32.
 *
 * <p>Each row goes from a random place in a mapped file, or in memory, to the next place in a slot;
 * or is read from the file, where memory does not hold it. Immutable; shared by all threads. The
 * next classes to read are {@link RowGather} and {@link FileGather}.
 */
public final class FeatureStore {
  /** As {@link FeatureStore#gather}. */
  private interface Gather {
    void gather(int[] nodes, int count, MemorySegment out);
  }

  private final int dim;
  private final FeatureType type;
  private final Gather gather;

  private FeatureStore(FeatureMatrix features, FeatureType type, Gather gather) {
    if (features.type() == FeatureType.FLOAT32 && type == FeatureType.FLOAT16) {
      throw BadInputException.of(
          "features are not narrowed on the way", "stored", features.type(), "asked", type);
    }
    this.dim = features.dim();
    this.type = type;
    this.gather = gather;
  }

  /**
   * @param type what to give: the matrix's own type, or float32 for a float16 matrix
   * @throws BadInputException if the rows would have to be narrowed, or the native gather is asked
   *     for by name and cannot be used
   */
  public static FeatureStore of(FeatureMatrix features, FeatureType type, GatherKind kind) {
    RowGather rows = RowGather.of(kind);
    return new FeatureStore(
        features,
        type,
        type == features.type()
            ? (nodes, count, out) ->
                rows.copy(features.rows(), features.rowBytes(), nodes, count, out)
            : (nodes, count, out) ->
                rows.widen(features.rows(), features.dim(), nodes, count, out));
  }

  /**
   * Reads the rows from their file, without mapping them.
   *
   * @param file the caller's, open as long as the store is used
   * @param features the same rows, which are not touched
   * @throws BadInputException if the rows would have to be narrowed
   */
  public static FeatureStore of(NpyRows file, FeatureMatrix features, FeatureType type) {
    return new FeatureStore(features, type, new FileGather(file, features, type)::gather);
  }

  public int dim() {
    return dim;
  }

  /** Of the rows that {@link #gather} gives. */
  public FeatureType type() {
    return type;
  }

  /**
   * @param nodes global ids, the first {@code count} are used
   * @param out {@code [count x dim]} of the store's type
   * @throws BadInputException if an id is out of range
   */
  public void gather(int[] nodes, int count, MemorySegment out) {
    gather.gather(nodes, count, out);
  }
}
