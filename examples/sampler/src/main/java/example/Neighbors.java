package example;

import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.csr.CsrBuilder;
import io.millrace.datasets.csr.EdgeOptions;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.NeighborSampler;
import io.millrace.sampler.SampledBatch;

/** Samples the neighbourhood of two nodes of a ring, without DJL on the class path. */
public final class Neighbors {
  public static void main(String[] args) {
    int numNodes = 1000;
    int[] src = new int[numNodes];
    int[] dst = new int[numNodes];
    for (int v = 0; v < numNodes; v++) {
      src[v] = v;
      dst[v] = (v + 1) % numNodes;
    }
    CsrGraph graph = CsrBuilder.build(numNodes, src, dst, EdgeOptions.UNDIRECTED);
    NeighborSampler sampler = NeighborSampler.of(graph, Fanout.of(2, 2));
    SampledBatch batch = sampler.sample(new int[] {7, 42}, /* batchSeed */ 1);
    System.out.println("sampled: nodes " + batch.numNodes()); // 7 and 42, two on each side

    try {
      Class.forName("ai.djl.Model");
      throw new IllegalStateException("DJL is on the class path");
    } catch (ClassNotFoundException _) {
      System.out.println("sampled: without DJL");
    }
  }
}
