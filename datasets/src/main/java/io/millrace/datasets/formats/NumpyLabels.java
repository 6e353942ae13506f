package io.millrace.datasets.formats;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.Internal;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.npy.NumpyReader;
import io.millrace.datasets.platform.InputLocation;
import java.lang.foreign.MemorySegment;

/**
 * Reads the labels of all nodes from a numpy array of any type: {@code [numNodes]} or {@code
 * [numNodes, 1]} are classes, {@code [numNodes, C]} says whether a node has each of C labels. What
 * numbers mean is in {@link ClassLabel}.
 */
@Internal
public final class NumpyLabels {
  private NumpyLabels() {}

  /**
   * @param in is closed
   */
  public static NodeLabels read(NumpyReader in, int numNodes) {
    return NumpyColumns.isColumn(in)
        ? NodeLabels.of(NumpyColumns.labels(in, numNodes))
        : severalLabels(in, numNodes);
  }

  private static NodeLabels severalLabels(NumpyReader in, int numNodes) {
    try (in) {
      boolean rows = in.shape().size() == 2 && in.shape().getFirst() == numNodes;
      if (!rows || in.shape().get(1) < 1 || in.shape().get(1) > NodeLabels.MAX_CLASSES) {
        throw in.wrongShape("[" + numNodes + ", labels]");
      }
      int numLabels = in.shape().get(1).intValue();
      long size = (long) numNodes * numLabels;
      MemorySegment values = // of longs, since an array of bytes ends at 2 GiB
          MemorySegment.ofArray(new long[Math.toIntExact(Math.ceilDiv(size, Long.BYTES))]);
      InputLocation place = (rule, words) -> in.error("element", in.position() - 1, rule, words);
      for (long i = 0; i < size; i++) {
        long at = in.isTransposed() ? i % numNodes * numLabels + i / numNodes : i;
        values.set(JAVA_BYTE, at, (byte) ClassLabel.of(in.next(), 1, place));
      }
      return NodeLabels.multiLabel(numLabels, values.asSlice(0, size));
    }
  }
}
