package io.millrace.training.scoring;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.millrace.datasets.FeatureType;
import io.millrace.slicing.FeatureStore;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** The features of the version that some rows are read from, as float32. One thread. */
final class VersionFeatures implements FeatureStore {
  private final VersionRows rows;
  private final FeatureStore base;
  private final int numBaseNodes;

  /**
   * @param base the rows of the dataset's nodes, float32; the caller's
   */
  VersionFeatures(VersionRows rows, FeatureStore base) {
    this.rows = rows;
    this.base = base;
    numBaseNodes = rows.version().base().graph().numNodes();
  }

  @Override
  public int dim() {
    return base.dim();
  }

  @Override
  public FeatureType type() {
    return FeatureType.FLOAT32;
  }

  @Override
  public void gather(int[] nodes, int count, MemorySegment out) {
    if (rows.numNodes() == numBaseNodes) {
      base.gather(nodes, count, out);
      return;
    }
    int[] known = Arrays.copyOf(nodes, count);
    for (int i = 0; i < count; i++) {
      known[i] = nodes[i] < numBaseNodes ? nodes[i] : 0; // a new node's row is written below
    }
    base.gather(known, count, out);
    for (int i = 0; i < count; i++) {
      if (nodes[i] >= numBaseNodes) {
        float[] row = rows.version().row(nodes[i]).features();
        MemorySegment.copy(row, 0, out, JAVA_FLOAT, (long) i * dim() * Float.BYTES, row.length);
      }
    }
  }
}
