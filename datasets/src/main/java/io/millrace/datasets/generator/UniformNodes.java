package io.millrace.datasets.generator;

import java.util.SplittableRandom;

/**
 * Features and labels without meaning, for graphs of which only the shape matters: features are
 * uniform in [-1, 1), labels are uniform.
 */
final class UniformNodes {
  private UniformNodes() {}

  static int[] labels(GeneratorOptions options) {
    SplittableRandom random = RandomStream.NODES.chunk(options.seed(), -1);
    int[] labels = new int[options.numNodes()];
    for (int node = 0; node < labels.length; node++) {
      labels[node] = random.nextInt(options.numClasses());
    }
    return labels;
  }

  static void drawFeatures(SplittableRandom random, float[] row) {
    for (int column = 0; column < row.length; column++) {
      // 24 bits, all that a float32 of this size can hold.
      row[column] = (random.nextInt() >> 8) * 0x1p-23f;
    }
  }
}
