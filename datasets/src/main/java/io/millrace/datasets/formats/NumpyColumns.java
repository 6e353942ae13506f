package io.millrace.datasets.formats;

import io.millrace.Internal;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.npy.NumpyReader;
import io.millrace.datasets.platform.InputLocation;

/** Reads small numpy arrays with one value per node or per seed, whole. */
@Internal
public final class NumpyColumns {
  private NumpyColumns() {}

  /** The only number of an array, for instance of {@code num_nodes_list}. */
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

  /** Labels as numbers of any type, see {@link ClassLabel}. */
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

  static boolean isColumn(NumpyReader in) {
    int rank = in.shape().size();
    return rank == 1 || rank == 2 && in.shape().get(1) == 1;
  }

  /** Shape {@code [n]} or {@code [n, 1]}. */
  static int requireColumn(NumpyReader in) {
    if (!isColumn(in) || in.numElements() > Integer.MAX_VALUE - 8) {
      throw in.wrongShape("one column");
    }
    return (int) in.numElements();
  }
}
