package io.millrace.slicing;

import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import java.lang.foreign.MemorySegment;

/**
 * Gathers feature rows: row {@code i} of the output is the row of {@code nodes[i]}.
 *
 * <p>Each row is one copy of {@code rowBytes} from a random place in a mapped file to the next
 * place in a slot. Immutable; shared by all threads.
 */
public final class FeatureStore {
  private final FeatureMatrix features;

  public FeatureStore(FeatureMatrix features) {
    this.features = features;
  }

  public int dim() {
    return features.dim();
  }

  public FeatureType type() {
    return features.type();
  }

  /**
   * @param nodes global ids, the first {@code count} are used
   * @param out {@code [count x dim]} of the store's type
   */
  public void gather(int[] nodes, int count, MemorySegment out) {
    final MemorySegment rows = features.rows();
    final long rowBytes = features.rowBytes();
    for (int i = 0; i < count; i++) {
      MemorySegment.copy(rows, nodes[i] * rowBytes, out, i * rowBytes, rowBytes);
    }
  }
}
