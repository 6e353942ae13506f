package io.millrace.slicing;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.NeighborSampler;
import io.millrace.sampler.SampledBatch;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SlicerTest {
  /** 0 <- 1, 2; 1 <- 2; 2 <- nothing; 3 <- 0. */
  private final CsrGraph graph = CsrGraph.of(new long[] {0, 2, 3, 3, 4}, new int[] {1, 2, 2, 0});

  private final FeatureMatrix features =
      FeatureMatrix.of(3, new float[] {0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32});

  private final GraphDataset data =
      GraphDataset.builder("four", graph)
          .features(features)
          .labels(NodeLabels.of(3, new int[] {2, 1, 0, -1}))
          .build();

  private final SampledBatch sampled =
      NeighborSampler.of(graph, Fanout.of(2, 2)).sample(new int[] {3, 1}, 1);

  @Test
  void bringsEveryPartOfABatchIntoItsSlot() throws InterruptedException {
    try (SlotPool pool = SlotPool.of(1, 1)) {
      Slot slot = pool.acquire();
      SlicedBatch batch = Slicer.of(data).slice(sampled, slot, 4, 7);
      SlotLayout layout = batch.layout();
      MemorySegment memory = batch.slot().memory();

      assertEquals(4, batch.epoch());
      assertEquals(7, batch.number());
      assertArrayEquals(new int[] {3, 1, 0, 2}, layout.nodes(memory).toArray(JAVA_INT));
      assertArrayEquals(new int[] {-1, 1}, layout.labels(memory).toArray(JAVA_INT));
      assertArrayEquals(
          new float[] {30, 31, 32, 10, 11, 12, 0, 1, 2, 20, 21, 22},
          layout.features(memory).toArray(JAVA_FLOAT));
      assertEquals(2, layout.numLayers());
      assertLayer(layout.layer(memory, 1), 4, 2, new int[] {0, 1, 2}, new int[] {2, 3});
      assertLayer(layout.layer(memory, 0), 4, 4, new int[] {0, 1, 2, 4, 4}, new int[] {2, 3, 1, 3});
      assertEquals(6, layout.numEdges());
      slot.release();
    }
  }

  @Test
  void bringsTheDegreesOfAllNodesIfAskedFor() throws InterruptedException {
    try (SlotPool pool = SlotPool.of(1, 1)) {
      Slot slot = pool.acquire();
      SlicedBatch batch = Slicer.of(data).withDegrees(graph).slice(sampled, slot, 4, 7);
      SlotLayout layout = batch.layout();
      int[] nodes = layout.nodes(slot.memory()).toArray(JAVA_INT); // 3, 1, 0, 2

      assertEquals(true, layout.hasDegrees());
      assertArrayEquals(
          Arrays.stream(nodes).map(graph::degree).toArray(),
          layout.degrees(slot.memory()).toArray(JAVA_INT));
      assertArrayEquals(
          new float[] {30, 31, 32},
          Arrays.copyOf(layout.features(slot.memory()).toArray(JAVA_FLOAT), 3));
      assertEquals(0, layout.degrees(slot.memory()).address() % 256);
      int checksum = batch.checksum();
      batch = Slicer.of(data).slice(sampled, slot, 4, 7);
      assertEquals(0, batch.layout().degrees(slot.memory()).byteSize());
      assertEquals(checksum, batch.checksum());
      slot.release();
    }
  }

  @Test
  void gathersFromAnyStore() throws InterruptedException {
    FeatureStore idsTwice =
        new FeatureStore() {
          @Override
          public int dim() {
            return 2;
          }

          @Override
          public FeatureType type() {
            return FeatureType.FLOAT32;
          }

          @Override
          public void gather(int[] nodes, int count, MemorySegment out) {
            for (int i = 0; i < 2 * count; i++) {
              out.setAtIndex(JAVA_FLOAT, i, nodes[i / 2]);
            }
          }
        };
    try (SlotPool pool = SlotPool.of(1, 1)) {
      Slot slot = pool.acquire();
      SlotLayout layout = Slicer.of(data, idsTwice).slice(sampled, slot, 0, 0).layout();
      assertEquals(2, layout.dim());
      assertArrayEquals(
          new float[] {3, 3, 1, 1, 0, 0, 2, 2}, layout.features(slot.memory()).toArray(JAVA_FLOAT));
      slot.release();
    }
  }

  private static void assertLayer(
      MfgSegments layer, int numSrc, int numDst, int[] indptr, int[] indices) {
    assertEquals(numSrc, layer.numSrc());
    assertEquals(numDst, layer.numDst());
    assertEquals(indices.length, layer.numEdges());
    assertArrayEquals(indptr, layer.indptr().toArray(JAVA_INT));
    assertArrayEquals(indices, layer.indices().toArray(JAVA_INT));
  }

  @Test
  void bringsSeveralLabelsOfASeedAsARow() throws InterruptedException {
    byte[] values = {1, 0, 1, 0, -1, 0, -1, -1, -1, 0, 0, 1};
    GraphDataset several =
        GraphDataset.builder("several", graph)
            .features(features)
            .labels(NodeLabels.multiLabel(3, MemorySegment.ofArray(values)))
            .build();
    try (SlotPool pool = SlotPool.of(1, 1)) {
      Slot slot = pool.acquire();
      SlotLayout layout = Slicer.of(several).slice(sampled, slot, 0, 0).layout();
      assertArrayEquals(
          new byte[] {0, 0, 1, 0, -1, 0}, layout.labels(slot.memory()).toArray(JAVA_BYTE));
      slot.release();
    }
  }

  @Test
  void alignsEveryPartTo256BytesWithoutOverlap() throws InterruptedException {
    try (SlotPool pool = SlotPool.of(1, 1)) {
      Slot slot = pool.acquire();
      SlicedBatch batch = Slicer.of(data).slice(sampled, slot, 0, 0);
      SlotLayout layout = batch.layout();
      MemorySegment memory = slot.memory();
      MemorySegment[] parts = {
        layout.nodes(memory),
        layout.labels(memory),
        layout.layer(memory, 0).indptr(),
        layout.layer(memory, 0).indices(),
        layout.layer(memory, 1).indptr(),
        layout.layer(memory, 1).indices(),
        layout.features(memory)
      };
      long end = memory.address();
      for (MemorySegment part : parts) {
        assertEquals(0, part.address() % 256);
        assertEquals(true, part.address() >= end);
        end = part.address() + part.byteSize();
      }
      assertEquals(true, end - memory.address() <= layout.bytes());
      slot.release();
    }
  }

  @Test
  void gathersFloat16RowsAsTheyAre() throws InterruptedException {
    short[] halves = new short[4 * 3];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = Float.floatToFloat16(i / 8f);
    }
    GraphDataset half =
        GraphDataset.builder("half", graph)
            .features(FeatureMatrix.of(4, 3, FeatureType.FLOAT16, MemorySegment.ofArray(halves)))
            .build();
    try (SlotPool pool = SlotPool.of(1, 1)) {
      Slot slot = pool.acquire();
      SlicedBatch batch = Slicer.of(half).slice(sampled, slot, 0, 0);
      short[] gathered = batch.layout().features(slot.memory()).toArray(JAVA_SHORT);

      assertEquals(FeatureType.FLOAT16, batch.layout().featureType());
      assertArrayEquals(Arrays.copyOfRange(halves, 9, 12), Arrays.copyOf(gathered, 3));
      assertArrayEquals(new int[] {-1, -1}, batch.layout().labels(slot.memory()).toArray(JAVA_INT));
      slot.release();
    }
  }

  @Test
  void checksumsDependOnTheBatchAlone() throws InterruptedException {
    try (SlotPool pool = SlotPool.of(2, 1)) {
      Slot dirty = pool.acquire();
      Slot clean = pool.acquire();
      dirty.ensure(1 << 16);
      dirty.memory().fill((byte) 0x5a);
      int expected = Slicer.of(data).slice(sampled, clean, 0, 0).checksum();

      assertEquals(expected, Slicer.of(data).slice(sampled, dirty, 3, 9).checksum());
      SampledBatch other = NeighborSampler.of(graph, Fanout.of(2, 2)).sample(new int[] {1, 3}, 1);
      assertNotEquals(expected, Slicer.of(data).slice(other, dirty, 0, 0).checksum());
      dirty.release();
      clean.release();
    }
  }

  @Test
  void needsFeatures() {
    GraphDataset bare = GraphDataset.builder("bare", graph).build();

    assertThrows(BadInputException.class, () -> Slicer.of(bare));
  }
}
