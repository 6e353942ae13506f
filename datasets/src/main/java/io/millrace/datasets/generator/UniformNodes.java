package io.millrace.datasets.generator;

import java.util.SplittableRandom;

/**
 * A graph of which only the shape matters: its features and labels have no meaning. Features are
 * uniform in [-1, 1), labels are uniform.
 */
abstract class UniformNodes implements RandomGraphModel {
  private final GeneratorOptions options;

  UniformNodes(GeneratorOptions options) {
    this.options = options;
  }

  @Override
  public final int[] labels() {
    SplittableRandom random = RandomStream.NODES.chunk(options.seed(), -1);
    int[] labels = new int[options.numNodes()];
    for (int node = 0; node < labels.length; node++) {
      labels[node] = random.nextInt(options.numClasses());
    }
    return labels;
  }

  @Override
  public final void drawFeatures(int node, SplittableRandom random, float[] row) {
    for (int column = 0; column < row.length; column++) {
      // 24 bits, all that a float32 of this size can hold.
      row[column] = (random.nextInt() >> 8) * 0x1p-23f;
    }
  }
}
