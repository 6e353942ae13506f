package io.millrace.datasets.formats;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.Internal;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.npy.NumpyReader;
import io.millrace.datasets.platform.InputLocation;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** Reads whole numpy arrays with one row per node or per seed: counts, ids, labels. */
@Internal
public final class NumpyColumns {
  private NumpyColumns() {}

  /** The single number in an array such as {@code num_nodes_list}. */
  public static long count(NumpyReader in, long min, long max) {
    try (in) {
      if (in.requireIntegers().numElements() > 1) {
        throw in.error("element", 1, "source holds more than one graph");
      }
      if (in.numElements() == 0) {
        throw in.wrongShape("[1]");
      }
      long[] count = new long[1];
      in.next(count, 1);
      if (count[0] < min || count[0] > max) {
        throw in.error(
            "element", 0, "count out of range", "count", count[0], "min", min, "max", max);
      }
      return count[0];
    }
  }

  /** Node ids, each in {@code [0, numNodes)}. */
  public static int[] nodes(NumpyReader in, int numNodes) {
    try (in) {
      long[] ids = new long[requireColumn(in.requireIntegers())];
      in.next(ids, ids.length);
      int[] nodes = new int[ids.length];
      for (int i = 0; i < nodes.length; i++) {
        if (ids[i] < 0 || ids[i] >= numNodes) {
          throw in.error(
              "element", i, "split node out of range", "id", ids[i], "numNodes", numNodes);
        }
        nodes[i] = (int) ids[i];
      }
      return nodes;
    }
  }

  /** One class per row, as a number of any type, see {@link ClassLabel}. */
  public static int[] labels(NumpyReader in, int need) {
    try (in) {
      if (requireColumn(in) != need) {
        throw in.wrongShape("[" + need + "]");
      }
      int[] labels = new int[need];
      InputLocation place = (rule, values) -> in.error("element", in.position() - 1, rule, values);
      for (int i = 0; i < need; i++) {
        labels[i] = ClassLabel.of(in.next(), NodeLabels.MAX_CLASSES - 1, place);
      }
      return labels;
    }
  }

  /**
   * The labels of all nodes, as numbers of any type, see {@link ClassLabel}.
   *
   * @param in {@code [numNodes]} or {@code [numNodes, 1]}: the class of each node; {@code
   *     [numNodes, C]}: whether a node has each of C labels. Is closed
   */
  public static NodeLabels nodeLabels(NumpyReader in, int numNodes) {
    return isColumn(in) ? NodeLabels.of(labels(in, numNodes)) : severalLabels(in, numNodes);
  }

  private static NodeLabels severalLabels(NumpyReader in, int numNodes) {
    try (in) {
      boolean rows = in.shape().size() == 2 && in.shape().getFirst() == numNodes;
      if (!rows || in.shape().get(1) < 1 || in.shape().get(1) > NodeLabels.MAX_CLASSES) {
        throw in.wrongShape("[" + numNodes + ", labels]");
      }
      int numLabels = in.shape().get(1).intValue();
      MemorySegment values = ClassLabel.matrix(numNodes, numLabels);
      InputLocation place = (rule, words) -> in.error("element", in.position() - 1, rule, words);
      for (long i = 0; i < values.byteSize(); i++) {
        long at = in.isTransposed() ? i % numNodes * numLabels + i / numNodes : i;
        values.set(JAVA_BYTE, at, (byte) ClassLabel.of(in.next(), 1, place));
      }
      return NodeLabels.multiLabel(numLabels, values);
    }
  }

  /**
   * The targets of all nodes, as float32.
   *
   * @param in {@code [numNodes]} or {@code [numNodes, numTargets]}, NaN where unknown. Is closed
   * @param rows the row of each node, if it is not the node's own
   */
  static NodeLabels targets(NumpyReader in, int numNodes, Optional<int[]> rows) {
    try (in) {
      List<Long> shape = in.shape();
      long count = shape.size() == 2 ? shape.get(1) : 1;
      boolean fits = (shape.size() == 1 || shape.size() == 2) && shape.getFirst() == numNodes;
      if (!fits || count < 1 || count > NodeLabels.MAX_CLASSES) {
        throw in.wrongShape("[" + numNodes + ", targets]");
      }
      if (count * numNodes > Integer.MAX_VALUE - 8) {
        throw in.error("element", 0, "too many targets", "max", Integer.MAX_VALUE - 8);
      }
      float[] values = new float[Math.toIntExact(count * numNodes)];
      for (int i = 0; i < values.length; i++) {
        double value = in.next();
        if (Float.isInfinite((float) value)) {
          throw in.error("element", i, "target must be finite, or NaN", "value", value);
        }
        long at = in.isTransposed() ? i % numNodes * count + i / numNodes : i;
        values[Math.toIntExact(at)] = (float) value;
      }
      int width = Math.toIntExact(count);
      return NodeLabels.targets(width, rows.map(it -> ordered(values, it, width)).orElse(values));
    }
  }

  private static float[] ordered(float[] values, int[] rows, int width) {
    float[] ordered = new float[values.length];
    for (int node = 0; node < rows.length; node++) {
      System.arraycopy(values, rows[node] * width, ordered, node * width, width);
    }
    return ordered;
  }

  static boolean isColumn(NumpyReader in) {
    int rank = in.shape().size();
    return rank == 1 || rank == 2 && in.shape().get(1) == 1;
  }

  /** Shape {@code [n]} or {@code [n, 1]}. */
  private static int requireColumn(NumpyReader in) {
    if (!isColumn(in) || in.numElements() > Integer.MAX_VALUE - 8) {
      throw in.wrongShape("one column");
    }
    return (int) in.numElements();
  }
}
