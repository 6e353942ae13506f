package io.millrace.datasets.generator;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.BadInputException;
import io.millrace.datasets.csr.EdgeList;
import io.millrace.datasets.platform.Parallel;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/**
 * Planted communities: each node belongs to one, which is its label, and so do most of its
 * neighbours. Its features carry a little information about the community, so a model that also
 * uses the neighbours' features can be more accurate than one that does not.
 *
 * <ul>
 *   <li>Communities are of unequal size: the last is twice as large as the first.
 *   <li>Degrees are heavy-tailed: weights are Pareto distributed with exponent 2.5; one node in a
 *       hundred has no edges.
 *   <li>The source of an edge is drawn by weight from all nodes; the destination, by weight, from
 *       the same community with probability 0.65 and otherwise from all nodes.
 *   <li>If edges carry weights or features, that probability is only 0.25: edges tell which of them
 *       stay within a community.
 *   <li>Features are the community's centre plus standard normal noise. {@link PlantedCentres}
 *       places the centres so that the best classifier of features alone is right for about 60 %.
 * </ul>
 */
final class PlantedModel implements RandomGraphModel {
  private static final double HOMOPHILY = 0.65;
  private static final double HOMOPHILY_OF_ATTRIBUTED = 0.25;
  private static final double ISOLATED = 0.01;
  private static final double PARETO_EXPONENT = 2.5;
  private static final double MAX_WEIGHT = 1000;
  private static final int NODES_PER_CHUNK = 1 << 14;

  private final double homophily;
  private final int[] labels;
  private final AliasTable allNodes;
  private final int[][] members;
  private final AliasTable[] communities;
  private final float[][] centres;

  PlantedModel(GeneratorOptions options) {
    int numClasses = options.numClasses();
    if (numClasses < 2) {
      throw BadInputException.of(
          "planted communities need 2 classes or more", "classes", numClasses);
    }
    homophily =
        options.edgeWeights() || options.edgeFeatureDim() > 0 ? HOMOPHILY_OF_ATTRIBUTED : HOMOPHILY;
    labels = new int[options.numNodes()];
    double[] weights = new double[options.numNodes()];
    AliasTable sizes = AliasTable.of(communityWeights(numClasses));
    Parallel.ranges(
        labels.length,
        NODES_PER_CHUNK,
        (from, to) -> {
          SplittableRandom random = RandomStream.NODES.chunk(options.seed(), from);
          for (int node = (int) from; node < to; node++) {
            labels[node] = sizes.draw(random);
            weights[node] = weight(random);
          }
        });
    members = members(labels, numClasses);
    communities = new AliasTable[numClasses];
    Parallel.run(numClasses, k -> communities[k] = AliasTable.of(pick(weights, members[k])));
    allNodes = AliasTable.of(weights);
    centres = PlantedCentres.of(numClasses, options.featureDim(), options.seed());
  }

  private static double[] communityWeights(int numClasses) {
    double[] weights = new double[numClasses];
    for (int k = 0; k < numClasses; k++) {
      weights[k] = 1 + (double) k / (numClasses - 1);
    }
    return weights;
  }

  private static double weight(SplittableRandom random) {
    boolean isolated = random.nextDouble() < ISOLATED;
    double weight = StrictMath.pow(1 - random.nextDouble(), -1 / PARETO_EXPONENT);
    return isolated ? 0 : Math.min(weight, MAX_WEIGHT);
  }

  /** The nodes of each community, ascending. */
  private static int[][] members(int[] labels, int numClasses) {
    int[] sizes = new int[numClasses];
    for (int label : labels) {
      sizes[label]++;
    }
    int[][] members = new int[numClasses][];
    for (int k = 0; k < numClasses; k++) {
      members[k] = new int[sizes[k]];
    }
    for (int node = labels.length - 1; node >= 0; node--) {
      int k = labels[node];
      members[k][--sizes[k]] = node;
    }
    return members;
  }

  private static double[] pick(double[] weights, int[] nodes) {
    double[] picked = new double[nodes.length];
    for (int i = 0; i < nodes.length; i++) {
      picked[i] = weights[nodes[i]];
    }
    return picked;
  }

  @Override
  public void drawEdges(SplittableRandom random, MemorySegment edges) {
    long size = edges.byteSize() / Long.BYTES;
    for (long i = 0; i < size; i++) {
      int src = allNodes.draw(random);
      int k = labels[src];
      int dst =
          random.nextDouble() < homophily
              ? members[k][communities[k].draw(random)]
              : allNodes.draw(random);
      edges.setAtIndex(JAVA_LONG, i, EdgeList.pack(src, dst));
    }
  }

  @Override
  public boolean isWithin(int src, int dst) {
    return labels[src] == labels[dst];
  }

  @Override
  public int[] labels() {
    return labels.clone();
  }

  @Override
  public void drawFeatures(int node, SplittableRandom random, float[] row) {
    float[] centre = centres[labels[node]];
    for (int column = 0; column < row.length; column++) {
      row[column] = centre[column] + (float) random.nextGaussian();
    }
  }
}
