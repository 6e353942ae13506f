package io.millrace.slicing;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.kernel.KernelProbe;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.NeighborSampler;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class FeatureStoreTest {
  private static final KernelProbe NONE = new KernelProbe.Unusable("the compiler is on holiday");

  private final FeatureMatrix halves =
      FeatureMatrix.of(
          2,
          2,
          FeatureType.FLOAT16,
          MemorySegment.ofArray(
              new short[] {
                Float.floatToFloat16(1.5f),
                Float.floatToFloat16(-2),
                Float.floatToFloat16(65504),
                Float.floatToFloat16(0x1p-24f)
              }));

  @Test
  void takesTheKernelWhereItCanBeUsedAndSaysWhyNotElsewhere() {
    assertEquals("java", RowGather.of(GatherKind.AUTO, NONE).name());
    assertEquals(
        "java, because the compiler is on holiday",
        RowGather.of(GatherKind.AUTO, NONE).description());
    assertEquals("java", RowGather.of(GatherKind.JAVA).name());
    String expected = KernelProbe.run() instanceof KernelProbe.Usable ? "native" : "java";
    assertEquals(expected, RowGather.of(GatherKind.AUTO).name());
  }

  @Test
  void failsWithTheReasonWhenTheKernelIsAskedForByName() {
    BadInputException e =
        assertThrows(BadInputException.class, () -> RowGather.of(GatherKind.NATIVE, NONE));

    assertEquals("the native gather cannot be used: the compiler is on holiday", e.getMessage());
  }

  @Test
  void widensFloat16WhenAsked() throws InterruptedException {
    GraphDataset data =
        GraphDataset.builder("two", CsrGraph.of(new long[] {0, 1, 1}, new int[] {1}))
            .features(halves)
            .build();
    try (SlotPool pool = SlotPool.of(1, 1)) {
      Slot slot = pool.acquire();
      SlicedBatch batch =
          Slicer.of(data, FeatureType.FLOAT32, GatherKind.AUTO)
              .slice(
                  NeighborSampler.of(data.graph(), Fanout.of(1)).sample(new int[] {0}, 1),
                  slot,
                  0,
                  0);

      assertEquals(FeatureType.FLOAT32, batch.layout().featureType());
      assertArrayEquals(
          new float[] {1.5f, -2, 65504, 0x1p-24f},
          batch.layout().features(slot.memory()).toArray(JAVA_FLOAT));
      slot.release();
    }
  }

  @Test
  void doesNotNarrow() {
    FeatureMatrix floats = FeatureMatrix.of(1, new float[] {1});

    assertThrows(
        BadInputException.class,
        () -> FeatureStore.of(floats, FeatureType.FLOAT16, GatherKind.AUTO));
  }
}
