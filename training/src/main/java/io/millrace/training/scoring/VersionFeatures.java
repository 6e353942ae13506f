package io.millrace.training.scoring;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.slicing.FeatureStore;
import io.millrace.slicing.GatherKind;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** The features of the version that some rows are read from, as float32. One thread. */
final class VersionFeatures implements FeatureStore {
  private final VersionRows rows;
  private final FeatureStore base;
  private final int numBaseNodes;

  VersionFeatures(VersionRows rows) {
    this.rows = rows;
    GraphDataset data = rows.version().base();
    base = FeatureStore.of(data.features(), FeatureType.FLOAT32, GatherKind.AUTO);
    numBaseNodes = data.graph().numNodes();
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
