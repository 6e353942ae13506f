package io.millrace.training;

import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;

/** A small graph whose classes its neighbourhoods tell better than its noisy features do. */
public final class Planted {
  public static final int NUM_NODES = 1200;
  public static final int NUM_CLASSES = 4;
  static final int DIM = 8;
  private static final int DEGREE = 12;

  private Planted() {}

  public static GraphDataset dataset() {
    return builder(FeatureType.FLOAT32).build();
  }

  public static GraphDataset.Builder builder(FeatureType type) {
    Random random = new Random(11);
    int[] labels = random.ints(NUM_NODES, 0, NUM_CLASSES).toArray();
    GraphDataset.Builder builder =
        GraphDataset.builder("planted", graph(random, labels))
            .features(features(random, labels, type));
    for (int v = 0; v < NUM_NODES; v += 50) {
      labels[v] = NodeLabels.UNLABELLED;
    }
    int third = NUM_NODES / 3;
    return builder
        .labels(NodeLabels.of(NUM_CLASSES, labels))
        .split(Split.TRAIN, range(0, third))
        .split(Split.VALID, range(third, 2 * third))
        .split(Split.TEST, range(2 * third, NUM_NODES));
  }

  /** Node 7 has no neighbours; four of five neighbours of any other are of its class. */
  private static CsrGraph graph(Random random, int[] labels) {
    long[] indptr = new long[NUM_NODES + 1];
    int[] indices = new int[NUM_NODES * DEGREE];
    int edge = 0;
    for (int v = 0; v < NUM_NODES; v++) {
      for (int i = 0; v != 7 && i < DEGREE; i++) {
        boolean same = random.nextInt(5) > 0;
        int u = random.nextInt(NUM_NODES);
        while (same && labels[u] != labels[v]) {
          u = random.nextInt(NUM_NODES);
        }
        indices[edge++] = u;
      }
      indptr[v + 1] = edge;
    }
    return CsrGraph.of(indptr, Arrays.copyOf(indices, edge));
  }

  private static FeatureMatrix features(Random random, int[] labels, FeatureType type) {
    float[] wide = new float[NUM_NODES * DIM];
    short[] half = new short[NUM_NODES * DIM];
    for (int i = 0; i < wide.length; i++) {
      boolean own = i % DIM == labels[i / DIM];
      half[i] = Float.floatToFloat16((float) random.nextGaussian() + (own ? 1f : 0f));
      wide[i] = Float.float16ToFloat(half[i]); // so that both datasets hold the same values
    }
    MemorySegment rows =
        type == FeatureType.FLOAT32 ? MemorySegment.ofArray(wide) : MemorySegment.ofArray(half);
    return FeatureMatrix.of(NUM_NODES, DIM, type, rows);
  }

  /**
   * As {@link #builder}, with five labels that a node can have: one per class, and one that the
   * nodes of the first two classes have. One answer in ten is not known.
   */
  public static GraphDataset severalLabels() {
    Random random = new Random(12);
    GraphDataset.Builder builder = builder(FeatureType.FLOAT32);
    try (GraphDataset single = dataset()) {
      int numLabels = NUM_CLASSES + 1;
      byte[] values = new byte[NUM_NODES * numLabels];
      for (int i = 0; i < values.length; i++) {
        int label = single.labels().get(i / numLabels);
        int column = i % numLabels;
        boolean has = column < NUM_CLASSES ? label == column : label < 2;
        boolean known = label != NodeLabels.UNLABELLED && random.nextInt(10) > 0;
        values[i] = (byte) (known ? has ? 1 : 0 : NodeLabels.UNLABELLED);
      }
      return builder
          .labels(NodeLabels.multiLabel(numLabels, MemorySegment.ofArray(values)))
          .build();
    }
  }

  private static int[] range(int from, int to) {
    int[] nodes = new int[to - from];
    Arrays.setAll(nodes, i -> from + i);
    return nodes;
  }
}
