package io.millrace.slicing;

import io.millrace.BadInputException;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import java.lang.foreign.MemorySegment;

/**
 * Gathers feature rows: row {@code i} of the output is the row of {@code nodes[i]}, in the type of
 * the matrix or widened from float16 to float32.
 *
 * <p>Each row goes from a random place in a mapped file to the next place in a slot. Immutable;
 * shared by all threads. The next class to read is {@link RowGather}.
 */
public final class FeatureStore {
  private final FeatureMatrix features;
  private final FeatureType type;
  private final RowGather rowGather;

  private FeatureStore(FeatureMatrix features, FeatureType type, RowGather rowGather) {
    this.features = features;
    this.type = type;
    this.rowGather = rowGather;
  }

  /**
   * @param type what to give: the matrix's own type, or float32 for a float16 matrix
   * @throws BadInputException if the rows would have to be narrowed, or the native gather is asked
   *     for by name and cannot be used
   */
  public static FeatureStore of(FeatureMatrix features, FeatureType type, GatherKind kind) {
    if (features.type() == FeatureType.FLOAT32 && type == FeatureType.FLOAT16) {
      throw BadInputException.of(
          "features are not narrowed on the way", "stored", features.type(), "asked", type);
    }
    return new FeatureStore(features, type, RowGather.of(kind));
  }

  public int dim() {
    return features.dim();
  }

  /** Of the rows that {@link #gather} gives. */
  public FeatureType type() {
    return type;
  }

  /** Which one was chosen. */
  public RowGather rowGather() {
    return rowGather;
  }

  /**
   * @param nodes global ids, the first {@code count} are used
   * @param out {@code [count x dim]} of the store's type
   * @throws BadInputException if an id is out of range
   */
  public void gather(int[] nodes, int count, MemorySegment out) {
    if (type == features.type()) {
      rowGather.copy(features.rows(), features.rowBytes(), nodes, count, out);
    } else {
      rowGather.widen(features.rows(), features.dim(), nodes, count, out);
    }
  }
}
