package io.millrace.training.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;

/**
 * What a network computes on, out of the list of arrays that {@link GraphBlock} takes as a block of
 * DJL's. Owns nothing.
 *
 * @param features float32 {@code [numNodes x dim]}
 * @param edges of each hop, from the input to the seeds, looked at as {@link MfgTensors#of} does
 */
record BlockInputs(NDArray features, List<MfgTensors> edges) {
  /**
   * @throws IllegalArgumentException if there are not as many arrays as the hops need
   */
  static BlockInputs of(NDList arrays, int numHops) {
    boolean hasDegrees = arrays.size() == 2 + 2 * numHops;
    if (!hasDegrees && arrays.size() != 1 + 2 * numHops) {
      throw new IllegalArgumentException(
          "a block takes features and two arrays per hop: hops=%d, arrays=%d"
              .formatted(numHops, arrays.size()));
    }
    NDArray features = arrays.get(0);
    List<MfgTensors> edges = new ArrayList<>();
    long numSrc = features.getShape().get(0);
    for (int hop = 0; hop < numHops; hop++) {
      MfgTensors layer = MfgTensors.of(arrays.get(1 + 2 * hop), arrays.get(2 + 2 * hop));
      if (hasDegrees) {
        layer = layer.withDegrees(arrays.get(arrays.size() - 1).get("0:{}", numSrc));
      }
      edges.add(layer);
      numSrc = layer.numDst();
    }
    return new BlockInputs(features, edges);
  }
}
