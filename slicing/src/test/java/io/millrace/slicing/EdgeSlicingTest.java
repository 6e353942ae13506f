package io.millrace.slicing;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.EdgeAttributes;
import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.NeighborSampler;
import io.millrace.sampler.SampledBatch;
import io.millrace.sampler.draw.Draw;
import io.millrace.sampler.draw.EdgeWeights;
import io.millrace.sampler.draw.ExcludedRanks;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each attribute of an edge says which edge it belongs to. */
class EdgeSlicingTest {
  private static final int NODES = 60;
  private static final EdgeColumns ALL_COLUMNS = new EdgeColumns(true, true, true, 3);

  private final CsrGraph graph = randomGraph();
  private final EdgeAttributes edges = attributes(3);
  private final GraphDataset data =
      GraphDataset.builder("edges", graph)
          .features(FeatureMatrix.of(1, new float[NODES]))
          .edges(edges)
          .build();
  private final SlotPool pool = SlotPool.of(1, 1);

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void bringsTheAttributesOfEveryEdgeOfEveryLayer() throws InterruptedException {
    SampledBatch batch = sample(Draw.uniform());
    Slot slot = pool.acquire();
    SlicedBatch sliced = Slicer.of(data).withEdges(edges, ALL_COLUMNS).slice(batch, slot, 0, 0);

    int[] nodes = sliced.layout().nodes(slot.memory()).toArray(JAVA_INT);
    int seen = 0;
    for (int l = 0; l < sliced.layout().numLayers(); l++) {
      MfgSegments layer = sliced.layout().layer(slot.memory(), l);
      EdgeSegments of = sliced.layout().edges(slot.memory(), l);
      for (int v = 0; v < layer.numDst(); v++) {
        int begin = layer.indptr().getAtIndex(JAVA_INT, v);
        int end = layer.indptr().getAtIndex(JAVA_INT, v + 1);
        for (int e = begin; e < end; e++) {
          int src = nodes[layer.indices().getAtIndex(JAVA_INT, e)];
          int dst = nodes[v];
          assertEquals(time(src, dst), of.times().getAtIndex(JAVA_LONG, e));
          assertEquals(weight(src, dst), of.weights().getAtIndex(JAVA_FLOAT, e));
          for (int c = 0; c < 3; c++) {
            assertEquals(feature(src, dst, c), of.features().getAtIndex(JAVA_FLOAT, 3 * e + c));
          }
          int position =
              (int) of.ids().getAtIndex(JAVA_LONG, e) / 7; // an id is its position times 7
          assertEquals(src, graph.neighbor(position));
          assertTrue(graph.rowStart(dst) <= position && position < graph.rowStart(dst + 1));
          seen++;
        }
      }
      assertEquals(0, of.scale().byteSize());
      assertEquals(0, of.features().address() % 256);
    }
    assertEquals(batch.numEdges(), seen);
    slot.release();
  }

  @Test
  void bringsTheScaleOfTheDrawWithTheWeights() throws InterruptedException {
    SampledBatch batch = sample(Draw.weightedEstimate());
    Slot slot = pool.acquire();
    Slicer weighted = Slicer.of(data).withEdges(edges, new EdgeColumns(false, true, false, 0));
    SlotLayout layout = weighted.slice(batch, slot, 0, 0).layout();
    for (int l = 0; l < layout.numLayers(); l++) {
      assertArrayEquals(
          Arrays.copyOf(batch.layer(l).scale(), batch.layer(l).numEdges()),
          layout.edges(slot.memory(), l).scale().toArray(JAVA_FLOAT));
    }
    layout = Slicer.of(data).withEdges(edges, EdgeColumns.NONE).slice(batch, slot, 0, 0).layout();
    assertEquals(0, layout.edges(slot.memory(), 0).scale().byteSize());
    slot.release();
  }

  @Test
  void bringsTheWeightedDegreeOfEveryNode() throws InterruptedException {
    Slot slot = pool.acquire();
    EdgeWeights weights = EdgeWeights.of(data);
    SlotLayout layout =
        Slicer.of(data)
            .withWeightedDegrees(weights)
            .slice(sample(Draw.uniform()), slot, 0, 0)
            .layout();
    int[] nodes = layout.nodes(slot.memory()).toArray(JAVA_INT);
    float[] sums = layout.weightedDegrees(slot.memory()).toArray(JAVA_FLOAT);
    for (int i = 0; i < nodes.length; i++) {
      double sum = 0;
      for (long p = graph.rowStart(nodes[i]); p < graph.rowStart(nodes[i] + 1); p++) {
        sum += edges.weight(p);
      }
      assertEquals(sum, sums[i], 1e-4 * sum);
    }
    slot.release();
  }

  @Test
  void degreesLackTheEdgesThatTheBatchExcludes() throws InterruptedException {
    EdgeWeights weights = EdgeWeights.of(data);
    NeighborSampler sampler = NeighborSampler.of(graph, Fanout.of(4, 3));
    int node =
        IntStream.range(10, graph.numNodes())
            .filter(v -> graph.degree(v) > 2)
            .findFirst()
            .orElseThrow();
    ExcludedRanks excluded = new ExcludedRanks();
    excluded.addRow(new int[] {0, 2}, 2);
    Slot slot = pool.acquire();
    SlotLayout layout =
        Slicer.of(data)
            .withDegrees(graph)
            .withWeightedDegrees(weights)
            .slice(sampler.sample(new int[] {node, 9}, Fanout.of(4, 3), 1, excluded), slot, 0, 0)
            .layout();
    int[] degrees = layout.degrees(slot.memory()).toArray(JAVA_INT);
    float[] sums = layout.weightedDegrees(slot.memory()).toArray(JAVA_FLOAT);
    assertEquals(graph.degree(node) - 2, degrees[0]);
    assertEquals(graph.degree(9), degrees[1]);
    double left = 0;
    for (int rank = 0; rank < graph.degree(node); rank++) {
      left += rank == 0 || rank == 2 ? 0 : edges.weight(graph.rowStart(node) + rank);
    }
    assertEquals(left, sums[0], 1e-4 * left);
    slot.release();
  }

  @Test
  void leavesBatchesWithoutAttributesAsTheyWere() throws InterruptedException {
    Slot slot = pool.acquire();
    SampledBatch batch = NeighborSampler.of(graph, Fanout.of(4, 3)).sample(new int[] {5, 9}, 1);
    SlotLayout plain = Slicer.of(data).slice(batch, slot, 0, 0).layout();
    long end = 0;
    for (int l = 0; l < plain.numLayers(); l++) {
      MemorySegment indices = plain.layer(slot.memory(), l).indices();
      end = indices.address() + indices.byteSize();
    }
    long features = plain.features(slot.memory()).address();
    assertTrue(features - end < 256, "nothing lies between edges and features");
    assertEquals(plain.bytes() - plain.featureBytes(), features - slot.memory().address(), 255);
    slot.release();
  }

  @Test
  void namesTheColumnThatEdgesLack() {
    EdgeAttributes two = attributes(2);
    Slicer slicer = Slicer.of(data);
    assertMessage(
        "edges have another number of features: edgeFeatures=2, need=3",
        () -> slicer.withEdges(two, ALL_COLUMNS));
    assertMessage(
        "edges of the dataset lack what is read of them: need=weights",
        () -> slicer.withEdges(EdgeAttributes.NONE, new EdgeColumns(false, true, false, 0)));
    assertMessage(
        "edges of the dataset lack what is read of them: need=features",
        () -> slicer.withEdges(EdgeAttributes.NONE, new EdgeColumns(false, false, false, 4)));
  }

  private static void assertMessage(String expected, Runnable call) {
    assertEquals(expected, assertThrows(BadInputException.class, call::run).getMessage());
  }

  private SampledBatch sample(Draw draw) {
    return NeighborSampler.builder(graph, Fanout.of(4, 3))
        .draw(draw)
        .weights(EdgeWeights.of(data))
        .edgePositions(true)
        .build()
        .sample(new int[] {5, 9, 33}, 8);
  }

  private static CsrGraph randomGraph() {
    Random random = new Random(3);
    long[] indptr = new long[NODES + 1];
    int[] indices = new int[NODES * 8];
    int end = 0;
    for (int v = 0; v < NODES; v++) {
      int degree = random.nextInt(9);
      for (int i = 0; i < degree; i++) {
        indices[end++] = random.nextInt(NODES);
      }
      indptr[v + 1] = end;
    }
    return CsrGraph.of(indptr, Arrays.copyOf(indices, end));
  }

  private EdgeAttributes attributes(int dim) {
    int numEdges = Math.toIntExact(graph.numEdges());
    long[] ids = new long[numEdges];
    long[] times = new long[numEdges];
    float[] weights = new float[numEdges];
    float[] features = new float[numEdges * dim];
    for (int v = 0; v < NODES; v++) {
      for (int e = (int) graph.rowStart(v); e < graph.rowStart(v + 1); e++) {
        int src = graph.neighbor(e);
        ids[e] = 7L * e;
        times[e] = time(src, v);
        weights[e] = weight(src, v);
        for (int c = 0; c < dim; c++) {
          features[e * dim + c] = feature(src, v, c);
        }
      }
    }
    return EdgeAttributes.NONE
        .withIds(MemorySegment.ofArray(ids))
        .withTimes(MemorySegment.ofArray(times))
        .withWeights(MemorySegment.ofArray(weights))
        .withFeatures(dim, MemorySegment.ofArray(features));
  }

  private static long time(int src, int dst) {
    return 1_000_000_000_000L * src + dst;
  }

  private static float weight(int src, int dst) {
    return 1 + src + dst / 64f;
  }

  private static float feature(int src, int dst, int column) {
    return src * 1000 + dst * 10 + column;
  }
}
