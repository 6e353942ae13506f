package io.millrace.training.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.MfgLayer;
import io.millrace.sampler.NeighborSampler;
import io.millrace.sampler.SampledBatch;
import io.millrace.training.nn.GraphModel;
import java.util.Arrays;
import java.util.Random;

/**
 * A graph with features, in plain arrays.
 *
 * @param neighbors of each node
 * @param x {@code [numNodes x dim]}
 */
public record SmallGraph(int[][] neighbors, Matrix x) {
  /** Directed; degrees from 0 to some, self-loops, double edges. */
  public static SmallGraph random(long seed, int numNodes, int dim) {
    Random random = new Random(seed);
    int[][] neighbors = new int[numNodes][];
    for (int v = 0; v < numNodes; v++) {
      neighbors[v] = random.ints(Math.max(0, random.nextInt(7) - 1), 0, numNodes).toArray();
    }
    Matrix x = Matrix.zeros(numNodes, dim).map(_ -> (float) random.nextGaussian());
    return new SmallGraph(neighbors, x);
  }

  /** A dataset's graph and features. */
  public static SmallGraph of(GraphDataset data) {
    CsrGraph graph = data.graph();
    int[][] neighbors = new int[graph.numNodes()][];
    Matrix x = Matrix.zeros(graph.numNodes(), data.features().dim());
    for (int v = 0; v < neighbors.length; v++) {
      neighbors[v] = new int[graph.degree(v)];
      for (int i = 0; i < neighbors[v].length; i++) {
        neighbors[v][i] = graph.neighbor(graph.rowStart(v) + i);
      }
      for (int c = 0; c < x.width(); c++) {
        x.row(v)[c] = data.features().get(v, c);
      }
    }
    return new SmallGraph(neighbors, x);
  }

  SmallGraph withoutDoubleEdges() {
    int[][] once =
        Arrays.stream(neighbors)
            .map(row -> Arrays.stream(row).distinct().toArray())
            .toArray(int[][]::new);
    return new SmallGraph(once, x);
  }

  private CsrGraph csr() {
    long[] indptr = new long[neighbors.length + 1];
    for (int v = 0; v < neighbors.length; v++) {
      indptr[v + 1] = indptr[v] + neighbors[v].length;
    }
    return CsrGraph.of(indptr, Arrays.stream(neighbors).flatMapToInt(Arrays::stream).toArray());
  }

  /** The batch of some seeds, as a block takes it. */
  public NDList batch(
      NDManager manager, GraphModel model, Fanout fanout, int[] seeds, long batchSeed) {
    CsrGraph graph = csr();
    SampledBatch batch = NeighborSampler.of(graph, fanout).sample(seeds, batchSeed);
    int[] nodes = Arrays.copyOf(batch.nodes(), batch.numNodes());
    NDList inputs = new NDList(features(manager, nodes));
    for (int l = 0; l < batch.numLayers(); l++) {
      MfgLayer layer = batch.layer(l);
      inputs.add(manager.create(Arrays.copyOf(layer.indices(), layer.numEdges())));
      inputs.add(manager.create(Arrays.copyOf(layer.indptr(), layer.numDst() + 1)));
    }
    if (model.usesDegrees()) {
      inputs.add(manager.create(Arrays.stream(nodes).map(graph::degree).toArray()));
    }
    return inputs;
  }

  private NDArray features(NDManager manager, int[] nodes) {
    float[] flat = new float[nodes.length * x.width()];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = (float) x.row(nodes[i / x.width()])[i % x.width()];
    }
    return manager.create(flat, new Shape(nodes.length, x.width()));
  }

  public Fanout allNeighbors(GraphModel model) {
    return Fanout.uniform(-1, model.numHops());
  }
}
