package io.millrace.slicing.partition;

import io.millrace.Internal;
import io.millrace.datasets.DatasetPart;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.slicing.FeatureStore;
import io.millrace.slicing.disk.DiskFeatures;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The rows that a dataset has, by the ids of their nodes: of all nodes, or of those of one part.
 *
 * <p>Thread-safe. Owns what it reads from until {@link #close}; the dataset stays the caller's.
 */
@Internal
public final class PartRows implements FeatureStore {
  private static final int ELSEWHERE = -1;

  private final FeatureStore rows;
  private final int[] rowOfNode;

  /** For the rows of a gather. */
  private final ThreadLocal<int[]> ownRows = ThreadLocal.withInitial(() -> new int[0]);

  private PartRows(FeatureStore rows, int[] rowOfNode) {
    this.rows = rows;
    this.rowOfNode = rowOfNode;
  }

  /**
   * The caller closes the store.
   *
   * @param type the type to write, as for {@link DiskFeatures#open}
   */
  public static FeatureStore of(GraphDataset data, FeatureType type) {
    FeatureStore rows = DiskFeatures.open(data.rowsHere(), type);
    return data.part().<FeatureStore>map(it -> new PartRows(rows, rowOfNode(it))).orElse(rows);
  }

  private static int[] rowOfNode(DatasetPart part) {
    int[] rowOfNode = new int[part.numNodes()];
    Arrays.fill(rowOfNode, ELSEWHERE);
    int row = 0;
    for (int node = 0; node < rowOfNode.length; node++) {
      if (part.of(node) == part.number()) {
        rowOfNode[node] = row++;
      }
    }
    return rowOfNode;
  }

  @Override
  public int dim() {
    return rows.dim();
  }

  @Override
  public FeatureType type() {
    return rows.type();
  }

  /**
   * @param nodes of the part
   * @throws io.millrace.BadInputException if one is of another part
   */
  @Override
  public void gather(int[] nodes, int count, MemorySegment out) {
    int[] here = ownRows.get();
    if (here.length < count) {
      here = new int[Math.max(count, 2 * here.length)];
      ownRows.set(here);
    }
    for (int i = 0; i < count; i++) {
      here[i] = rowOfNode[nodes[i]];
    }
    rows.gather(here, count, out);
  }

  @Override
  public void close() {
    rows.close();
  }
}
