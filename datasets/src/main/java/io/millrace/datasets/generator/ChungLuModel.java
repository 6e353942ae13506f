package io.millrace.datasets.generator;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.datasets.csr.EdgeList;
import io.millrace.datasets.platform.Parallel;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/**
 * Chung-Lu: both ends of every edge are drawn with the nodes' weights, so that expected degrees are
 * proportional to them (Chung and Lu, "Connected components in random graphs with given expected
 * degree sequences", 2002; here with a fixed number of edges, as in Miller and Hagberg, 2011).
 *
 * <p>Weights are log-normal with median 26 and sigma 1.152, capped at 17481: the degrees of
 * ogbn-products. Only their ratio matters: with E edges the expected number of edge ends at node v
 * is 2 E weight(v) / sum of weights.
 */
final class ChungLuModel extends UniformNodes {
  private static final double LOG_MEDIAN = StrictMath.log(26);
  private static final double SIGMA = 1.152;
  private static final double MAX_WEIGHT = 17481;
  private static final int NODES_PER_CHUNK = 1 << 14;

  private final AliasTable nodes;

  ChungLuModel(GeneratorOptions options) {
    super(options);
    double[] weights = new double[options.numNodes()];
    Parallel.ranges(
        weights.length,
        NODES_PER_CHUNK,
        (from, to) -> {
          SplittableRandom random = RandomStream.NODES.chunk(options.seed(), from);
          for (int node = (int) from; node < to; node++) {
            double weight = StrictMath.exp(LOG_MEDIAN + SIGMA * random.nextGaussian());
            weights[node] = Math.min(weight, MAX_WEIGHT);
          }
        });
    this.nodes = AliasTable.of(weights);
  }

  @Override
  public void drawEdges(SplittableRandom random, MemorySegment edges) {
    long size = edges.byteSize() / Long.BYTES;
    for (long i = 0; i < size; i++) {
      edges.setAtIndex(JAVA_LONG, i, EdgeList.pack(nodes.draw(random), nodes.draw(random)));
    }
  }
}
