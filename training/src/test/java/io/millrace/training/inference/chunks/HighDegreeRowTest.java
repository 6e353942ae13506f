package io.millrace.training.inference.chunks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.EdgeAttributes;
import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.GraphDataset;
import io.millrace.training.OpenResources;
import io.millrace.training.nn.Aggregation;
import io.millrace.training.nn.WeightedAggregation;
import io.millrace.training.torch.TorchEngine;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HighDegreeRowTest {
  /** Node 0 has five neighbours, the others none. */
  private static final CsrGraph GRAPH =
      CsrGraph.of(new long[] {0, 5, 5, 5, 5, 5, 5}, new int[] {1, 2, 3, 4, 5});

  private static final GraphDataset DATA =
      GraphDataset.builder("row", GRAPH)
          .features(FeatureMatrix.of(1, new float[] {1, 10, 20, 30, 40, 50}))
          .edges(
              EdgeAttributes.NONE
                  .withWeights(MemorySegment.ofArray(new float[] {1, 0, 2, 0, 1}))
                  .withFeatures(1, MemorySegment.ofArray(new float[] {5, 9, 1, 7, 8})))
          .build();

  private static final RowInputs INPUTS =
      new RowInputs(true, Optional.of(node -> 100 + node), new EdgeColumns(false, true, false, 1));

  /** Two edges of one column a part: 20 bytes a source, 64 an edge. */
  private static final ChunkCost TWO_EDGES = new ChunkCost(3 * 84, 20, 64, 6);

  private final OpenResources open = new OpenResources();

  @AfterEach
  void nothingStaysOpen() {
    open.close();
  }

  private static float[] row(int node, HighDegreeRow.Layer layer) {
    List<float[]> rows = new ArrayList<>();
    try (NDManager manager = TorchEngine.newManager()) {
      new HighDegreeRow(layer, manager, DATA, INPUTS, TWO_EDGES, 1 << 20)
          .compute(node, row -> rows.add(row.toFloatArray()));
    }
    assertEquals(1, rows.size(), "rows given");
    return rows.getFirst();
  }

  @Test
  void isTheSumOfItsParts() {
    float[] row = row(0, (state, edges) -> Aggregation.sum(state, edges));
    assertArrayEquals(new float[] {150}, row);
  }

  @Test
  void sumsTheAttributesOfItsEdges() {
    assertArrayEquals(
        new float[] {10 + 60 + 50},
        row(0, (state, edges) -> WeightedAggregation.sum(state, edges)));
    assertArrayEquals(new float[] {30}, row(0, (x, edges) -> WeightedAggregation.mean(x, edges)));
    assertArrayEquals(
        new float[] {30, 6, 9, 100},
        row(
            0,
            (state, edges) -> {
              NDArray values = edges.edgeFeatures();
              NDList results = new NDList(Aggregation.sumOfEdges(values, edges));
              results.add(Aggregation.meanOfEdges(values, edges));
              results.add(Aggregation.maxOfEdges(values, edges));
              results.add(edges.destinations(edges.weightedDegrees()).reshape(1, 1));
              return NDArrays.concat(results, 1);
            }));
  }

  /** It is wide, not long: its features alone fill a chunk. */
  @Test
  void ofANodeWithoutNeighborsIsItsOwn() {
    float[] row =
        row(3, (state, edges) -> Aggregation.sum(state, edges).add(edges.destinations(state)));
    assertArrayEquals(new float[] {30}, row);
  }

  /** The first result is asked for in each round again, and is not what the layer made of it. */
  @Test
  void aLayerMayChangeWhatItAggregatedInPlace() {
    float[] row =
        row(
            0,
            (state, edges) -> {
              NDArray tenth = Aggregation.sum(state, edges).muli(0.1f);
              return tenth.add(Aggregation.max(state, edges));
            });
    assertArrayEquals(new float[] {15 + 50}, row, 1e-4f);
  }
}
