package io.millrace.training.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.millrace.training.OpenResources;
import io.millrace.training.torch.GradMode;
import io.millrace.training.torch.TorchEngine;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AggregationTest {
  private static final int NUM_SRC = 50;
  private static final int NUM_DST = 20;
  private static final int DIM = 7;

  private final OpenResources open = new OpenResources();
  private final NDManager manager = TorchEngine.newManager();

  @AfterEach
  void nothingStaysOpen() {
    manager.close();
    open.close();
  }

  @Test
  void meansAndSumsTheNeighboursOfEachDestination() {
    // 0 <- 1, 1 (twice), 2;  1 <- nothing;  2 <- 2 (itself)
    NDArray x = manager.create(new float[] {1, 10, 2, 20, 6, 60}, new Shape(3, 2));
    NDArray indices = manager.create(new int[] {1, 1, 2, 2});
    NDArray indptr = manager.create(new int[] {0, 3, 3, 4});
    assertArrayEquals(
        new float[] {10, 100, 0, 0, 6, 60},
        Aggregation.sum(x, MfgTensors.of(indices, indptr)).toFloatArray());
    assertArrayEquals(
        new float[] {10 / 3f, 100 / 3f, 0, 0, 6, 60},
        Aggregation.mean(x, MfgTensors.of(indices, indptr)).toFloatArray(),
        1e-5f);
  }

  @Test
  void aLayerWithoutEdgesGivesZeros() {
    NDArray x = manager.ones(new Shape(3, 2));
    x.setRequiresGradient(true);
    NDArray indices = manager.create(new Shape(0), DataType.INT32);
    NDArray indptr = manager.create(new int[] {0, 0, 0});
    try (GradMode _ = GradMode.on()) {
      NDArray mean = Aggregation.mean(x, MfgTensors.of(indices, indptr));
      assertArrayEquals(new float[4], mean.toFloatArray());
      backward(mean, manager.ones(new Shape(2, 2)));
    }
    assertArrayEquals(new float[6], x.getGradient().toFloatArray());
  }

  @Test
  void agreesWithTheReferenceInValuesAndGradients() {
    for (long seed = 0; seed < 20; seed++) {
      for (boolean mean : new boolean[] {true, false}) {
        for (DataType ids : new DataType[] {DataType.INT32, DataType.INT64}) {
          compareWithReference(seed, mean, ids);
        }
      }
    }
  }

  private void compareWithReference(long seed, boolean mean, DataType ids) {
    Layer layer = Layer.random(seed);
    NDArray indices = manager.create(layer.indices).toType(ids, false);
    NDArray indptr = manager.create(layer.indptr).toType(ids, false);
    NDArray fused = manager.create(layer.x, new Shape(NUM_SRC, DIM));
    NDArray dense = manager.create(layer.x, new Shape(NUM_SRC, DIM));
    NDArray upstream = manager.create(layer.upstream, new Shape(NUM_DST, DIM));
    fused.setRequiresGradient(true);
    dense.setRequiresGradient(true);
    String message = "seed=%d, mean=%s, ids=%s".formatted(seed, mean, ids);
    try (GradMode _ = GradMode.on()) {
      NDArray y =
          mean
              ? Aggregation.mean(fused, MfgTensors.of(indices, indptr))
              : Aggregation.sum(fused, MfgTensors.of(indices, indptr));
      NDArray reference = layer.matrix(manager, mean).matMul(dense);
      assertArrayEquals(reference.toFloatArray(), y.toFloatArray(), 1e-5f, message);
      backward(y, upstream);
      backward(reference, upstream);
    }
    assertArrayEquals(
        dense.getGradient().toFloatArray(), fused.getGradient().toFloatArray(), 1e-5f, message);
  }

  @Test
  void takesTheGreatestOfEachColumn() {
    // 0 <- 1, 2;  1 <- nothing;  2 <- 0, 0
    NDArray x = manager.create(new float[] {-1, -10, -2, -5, -6, -60}, new Shape(3, 2));
    x.setRequiresGradient(true);
    MfgTensors edges =
        MfgTensors.of(
            manager.create(new int[] {1, 2, 0, 0}), manager.create(new int[] {0, 2, 2, 4}));
    try (GradMode _ = GradMode.on()) {
      NDArray max = Aggregation.max(x, edges);
      assertArrayEquals(new float[] {-2, -5, 0, 0, -1, -10}, max.toFloatArray());
      backward(max, manager.create(new float[] {1, 2, 4, 8, 16, 32}, new Shape(3, 2)));
    }
    assertArrayEquals(new float[] {16, 32, 1, 2, 0, 0}, x.getGradient().toFloatArray());
  }

  /** Rows gathered and combined one by one, as DJL alone would. */
  @Test
  void maximaAndWeightedSumsAgreeWithDjlAloneInValuesAndGradients() {
    for (long seed = 0; seed < 10; seed++) {
      for (DataType ids : new DataType[] {DataType.INT32, DataType.INT64}) {
        Layer layer = Layer.random(seed);
        compareMaxima(layer, ids, "seed=%d, ids=%s".formatted(seed, ids));
        for (int heads : new int[] {1, 7}) {
          compareWeighted(layer, ids, heads, "seed=%d, heads=%d".formatted(seed, heads));
        }
      }
    }
  }

  private void compareMaxima(Layer layer, DataType ids, String message) {
    NDArray fused = leaf(layer.x, NUM_SRC, DIM);
    NDArray plain = leaf(layer.x, NUM_SRC, DIM);
    NDArray upstream = manager.create(layer.upstream, new Shape(NUM_DST, DIM));
    try (GradMode _ = GradMode.on()) {
      NDArray y = Aggregation.max(fused, layer.edges(manager, ids));
      NDList rows = new NDList();
      for (int dst = 0; dst < NUM_DST; dst++) {
        rows.add(
            layer.degree(dst) == 0
                ? manager.zeros(new Shape(DIM))
                : plain.get(layer.sources(manager, dst)).max(new int[] {0}));
      }
      compare(y, NDArrays.stack(rows), upstream, message);
    }
    compareGradients(plain, fused, message);
  }

  private void compareWeighted(Layer layer, DataType ids, int heads, String message) {
    int numEdges = layer.indices.length;
    float[] values = floats(new Random(numEdges), numEdges * heads);
    NDArray fused = leaf(layer.x, NUM_SRC, DIM);
    NDArray plain = leaf(layer.x, NUM_SRC, DIM);
    NDArray fusedWeights = leaf(values, numEdges, heads);
    NDArray plainWeights = leaf(values, numEdges, heads);
    NDArray upstream = manager.create(layer.upstream, new Shape(NUM_DST, DIM));
    try (GradMode _ = GradMode.on()) {
      NDArray y = Aggregation.weightedSum(fused, fusedWeights, layer.edges(manager, ids));
      NDArray wide = plainWeights.reshape(-1, heads, 1).repeat(2, DIM / heads).reshape(-1, DIM);
      NDList rows = new NDList();
      for (int dst = 0; dst < NUM_DST; dst++) {
        if (layer.degree(dst) == 0) {
          rows.add(manager.zeros(new Shape(DIM)));
        } else {
          NDArray own = wide.get("{}:{}", layer.indptr[dst], layer.indptr[dst + 1]);
          rows.add(plain.get(layer.sources(manager, dst)).mul(own).sum(new int[] {0}));
        }
      }
      compare(y, NDArrays.stack(rows), upstream, message);
    }
    compareGradients(plain, fused, message);
    compareGradients(plainWeights, fusedWeights, message);
  }

  private NDArray leaf(float[] values, int rows, int columns) {
    NDArray leaf = manager.create(values, new Shape(rows, columns));
    leaf.setRequiresGradient(true);
    return leaf;
  }

  private void compare(NDArray y, NDArray reference, NDArray upstream, String message) {
    assertArrayEquals(reference.toFloatArray(), y.toFloatArray(), 1e-5f, message);
    backward(y, upstream);
    backward(reference, upstream);
  }

  private static void compareGradients(NDArray reference, NDArray fused, String message) {
    assertArrayEquals(
        reference.getGradient().toFloatArray(), fused.getGradient().toFloatArray(), 1e-5f, message);
  }

  @Test
  void weightsMustFitTheEdgesAndTheColumns() {
    Layer layer = Layer.random(4);
    MfgTensors edges = layer.edges(manager, DataType.INT32);
    NDArray x = manager.create(layer.x, new Shape(NUM_SRC, DIM));
    int numEdges = layer.indices.length;
    for (Shape wrong :
        new Shape[] {new Shape(numEdges, 2), new Shape(numEdges + 1, 1), new Shape(numEdges)}) {
      NDArray weights = manager.ones(wrong);
      assertThrows(
          IllegalArgumentException.class, () -> Aggregation.weightedSum(x, weights, edges));
    }
  }

  @Test
  void edgesKnowTheirDestinations() {
    NDArray indices = manager.create(new int[] {1, 1, 2, 2});
    MfgTensors edges = MfgTensors.of(indices, manager.create(new int[] {0, 3, 3, 4}));
    assertArrayEquals(new int[] {0, 0, 0, 2}, edges.rows().toIntArray());
    assertArrayEquals(new int[] {3, 0, 1}, edges.numNeighbors().toIntArray());
    assertEquals(3, edges.numDst());
  }

  @Test
  void theGradientIsTheSlopeOfTheValue() {
    Layer layer = Layer.random(99);
    NDArray indices = manager.create(layer.indices);
    NDArray indptr = manager.create(layer.indptr);
    NDArray upstream = manager.create(layer.upstream, new Shape(NUM_DST, DIM));
    NDArray x = manager.create(layer.x, new Shape(NUM_SRC, DIM));
    x.setRequiresGradient(true);
    try (GradMode _ = GradMode.on()) {
      backward(Aggregation.mean(x, MfgTensors.of(indices, indptr)).square(), upstream);
    }
    float[] gradient = x.getGradient().toFloatArray();
    float step = 1e-2f; // the function is quadratic, so the central difference is exact
    for (int i = 0; i < layer.x.length; i += 13) {
      double slope =
          (value(layer, indices, indptr, upstream, i, step)
                  - value(layer, indices, indptr, upstream, i, -step))
              / (2 * step);
      assertEquals(slope, gradient[i], 2e-3, "element " + i);
    }
  }

  private double value(
      Layer layer, NDArray indices, NDArray indptr, NDArray upstream, int element, float step) {
    float[] moved = layer.x.clone();
    moved[element] += step;
    NDArray x = manager.create(moved, new Shape(NUM_SRC, DIM));
    float[] terms =
        Aggregation.mean(x, MfgTensors.of(indices, indptr)).square().mul(upstream).toFloatArray();
    double sum = 0;
    for (float term : terms) {
      sum += term;
    }
    return sum;
  }

  @Test
  void theGradientDoesNotDependOnTheNumberOfThreads() {
    Random random = new Random(5);
    int numSrc = 3000;
    int numDst = 2000;
    int degree = 10;
    NDArray x = manager.create(floats(random, numSrc * 64), new Shape(numSrc, 64));
    NDArray indices = manager.create(random.ints((long) numDst * degree, 0, 100).toArray());
    int[] ends = new int[numDst + 1];
    Arrays.setAll(ends, i -> i * degree);
    NDArray indptr = manager.create(ends);
    NDArray upstream = manager.create(floats(random, numDst * 64), new Shape(numDst, 64));
    int before = TorchEngine.computeThreads();
    float[][] gradients = new float[4][];
    for (int run = 0; run < 4; run++) {
      TorchEngine.computeThreads(run + 1);
      NDArray leaf = x.duplicate();
      leaf.setRequiresGradient(true);
      try (GradMode _ = GradMode.on()) {
        MfgTensors edges = MfgTensors.of(indices, indptr);
        NDArray weights = Aggregation.gather(leaf.get(":, :4"), edges.indices());
        backward(
            Aggregation.mean(leaf, edges).add(Aggregation.weightedSum(leaf, weights, edges)),
            upstream);
      }
      gradients[run] = leaf.getGradient().toFloatArray();
    }
    TorchEngine.computeThreads(before);
    for (float[] gradient : gradients) {
      assertArrayEquals(gradients[0], gradient); // bit for bit
    }
  }

  @Test
  void takesColumnsOfOtherArrays() {
    NDArray x = manager.create(new float[] {1, 2, 3}, new Shape(3, 1));
    NDArray indices = manager.create(new int[] {0, 9, 1, 9, 2, 9}, new Shape(3, 2)).get(":, 0");
    NDArray indptr = manager.create(new int[] {0, 9, 1, 9, 3, 9}, new Shape(3, 2)).get(":, 0");
    assertArrayEquals(
        new float[] {1, 5}, Aggregation.sum(x, MfgTensors.of(indices, indptr)).toFloatArray());
  }

  private void backward(NDArray y, NDArray upstream) {
    JniUtils.backward((PtNDArray) y, (PtNDArray) upstream, false, false);
  }

  private static float[] floats(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** A random bipartite layer with empty rows, duplicate edges and self-loops. */
  private record Layer(int[] indptr, int[] indices, float[] x, float[] upstream) {
    static Layer random(long seed) {
      Random random = new Random(seed);
      int[] indptr = new int[NUM_DST + 1];
      for (int dst = 0; dst < NUM_DST; dst++) {
        indptr[dst + 1] = indptr[dst] + Math.max(0, random.nextInt(12) - 3);
      }
      int[] indices = random.ints(indptr[NUM_DST], 0, NUM_SRC).toArray();
      for (int dst = 0; dst < NUM_DST; dst++) {
        if (indptr[dst + 1] - indptr[dst] > 1) {
          indices[indptr[dst]] = dst; // itself
          indices[indptr[dst + 1] - 1] = indices[indptr[dst]]; // twice
        }
      }
      return new Layer(
          indptr, indices, floats(random, NUM_SRC * DIM), floats(random, NUM_DST * DIM));
    }

    int degree(int dst) {
      return indptr[dst + 1] - indptr[dst];
    }

    NDArray sources(NDManager manager, int dst) {
      return manager.create(Arrays.copyOfRange(indices, indptr[dst], indptr[dst + 1]));
    }

    MfgTensors edges(NDManager manager, DataType ids) {
      return MfgTensors.of(
          manager.create(indices).toType(ids, false), manager.create(indptr).toType(ids, false));
    }

    /** The same aggregation as a dense {@code [numDst x numSrc]} matrix. */
    NDArray matrix(NDManager manager, boolean mean) {
      float[] weights = new float[NUM_DST * NUM_SRC];
      for (int dst = 0; dst < NUM_DST; dst++) {
        int degree = indptr[dst + 1] - indptr[dst];
        for (int edge = indptr[dst]; edge < indptr[dst + 1]; edge++) {
          weights[dst * NUM_SRC + indices[edge]] += mean ? 1f / degree : 1f;
        }
      }
      return manager.create(weights, new Shape(NUM_DST, NUM_SRC));
    }
  }
}
