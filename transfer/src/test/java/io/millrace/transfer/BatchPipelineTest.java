package io.millrace.transfer;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.EdgeAttributes;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.IdMapKind;
import io.millrace.sampler.draw.Draw;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class BatchPipelineTest {
  private final GraphDataset data = TestData.random(2000, 30);
  private final EpochPlan plan = EpochPlan.of(IntStream.range(0, 2000).toArray(), 64, 5);
  private final Fanout fanout = Fanout.of(5, 3);

  @AfterEach
  void closeData() {
    data.close();
  }

  @Test
  void deliversEveryBatchInOrderWithItsSeedsLabelsAndFeatures() {
    EpochPlan.Epoch epoch = plan.epoch(3);
    try (BatchPipeline pipeline = pipeline(2);
        EpochBatches batches = pipeline.start(epoch)) {
      for (int number = 0; number < 32; number++) {
        try (DeviceBatch batch = batches.next()) {
          assertEquals(3, batch.epoch());
          assertEquals(number, batch.number());
          assertContent(epoch.seeds(number), batch);
        }
      }
      assertFalse(batches.hasNext());
      assertThrows(NoSuchElementException.class, batches::next);
    }
  }

  private static void assertContent(int[] seeds, DeviceBatch batch) {
    int[] nodes = batch.nodes().toArray(JAVA_INT);
    float[] features = batch.features().toArray(JAVA_FLOAT);
    int[] labels = batch.labels().toArray(JAVA_INT);
    assertEquals(2, batch.numLayers());
    assertEquals(nodes.length, batch.numNodes());
    assertEquals(seeds.length, batch.layer(1).numDst());
    assertEquals(batch.layer(1).numSrc(), batch.layer(0).numDst());
    for (int i = 0; i < nodes.length; i++) {
      assertEquals(10f * nodes[i] + 4, features[i * TestData.DIM + 4]);
    }
    for (int i = 0; i < seeds.length; i++) {
      assertEquals(seeds[i], nodes[i]);
      assertEquals(seeds[i] % TestData.NUM_CLASSES, labels[i]);
    }
  }

  @Test
  void givesTheSameBatchesForAnyNumberOfWorkersAndSlots() {
    long expected = digest(1, 1, plan.epoch(0));

    assertEquals(expected, digest(1, 4, plan.epoch(0)));
    assertEquals(expected, digest(4, 6, plan.epoch(0)));
    assertEquals(expected, digest(16, 3, plan.epoch(0)));
    assertNotEquals(expected, digest(1, 4, plan.epoch(1)));
  }

  @Test
  void givesTheSameBatchesForAnyNumberOfWorkersAndIdMapWhateverTheDraw() {
    Random random = new Random(4);
    float[] weights = new float[(int) data.graph().numEdges()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = random.nextInt(4) * random.nextFloat();
    }
    try (GraphDataset weighted =
        GraphDataset.builder("weighted", data.graph())
            .features(data.features())
            .labels(data.labels())
            .edges(
                EdgeAttributes.NONE
                    .withWeights(MemorySegment.ofArray(weights))
                    .withTimes(MemorySegment.ofArray(new long[weights.length])))
            .build()) {
      Set<Long> digests = new HashSet<>();
      for (Draw draw : Draw.ALL) {
        long expected = digest(weighted, draw, 1, IdMapKind.AUTO);
        IdMapKind other = draw.needsTimes() ? IdMapKind.FLAT_HASH : IdMapKind.DIRECT_ADDRESS;
        assertEquals(expected, digest(weighted, draw, 2, IdMapKind.FLAT_HASH), draw.toString());
        assertEquals(expected, digest(weighted, draw, 8, other), draw.toString());
        digests.add(expected);
      }
      assertEquals(Draw.ALL.size() - 1, digests.size()); // an estimate draws the same edges
      assertEquals(
          digest(1, 4, plan.epoch(0)), digest(weighted, Draw.uniform(), 1, IdMapKind.AUTO));
    }
  }

  private long digest(GraphDataset dataset, Draw draw, int workers, IdMapKind idMap) {
    try (BatchPipeline pipeline =
        BatchPipeline.builder(dataset, fanout)
            .draw(draw)
            .settings(PipelineSettings.defaults().workers(workers).idMap(idMap))
            .build()) {
      return drain(pipeline, plan.epoch(0)).batchesDigest();
    }
  }

  @Test
  void rejectsADrawByWeightOfADatasetWithoutWeights() {
    PipelineBuilder builder = BatchPipeline.builder(data, fanout).draw(Draw.weighted());
    assertEquals(
        "edges of the dataset have no weights: dataset=test",
        assertThrows(BadInputException.class, builder::build).getMessage());
  }

  private long digest(int workers, int slots, EpochPlan.Epoch epoch) {
    try (BatchPipeline pipeline =
        BatchPipeline.builder(data, fanout).workers(workers).slots(slots).build()) {
      return drain(pipeline, epoch).batchesDigest();
    }
  }

  private static EpochStats drain(BatchPipeline pipeline, EpochPlan.Epoch epoch) {
    EpochBatches batches = pipeline.start(epoch);
    try (batches) {
      while (batches.hasNext()) {
        batches.next().close();
      }
    }
    return batches.stats();
  }

  @Test
  void mapsASeedGivenTwiceToOneRow() {
    EpochPlan.Epoch epoch = EpochPlan.inOrder(new int[] {7, 3, 7, 5, 3, 9}, 4, 1).epoch(0);
    try (BatchPipeline pipeline = BatchPipeline.builder(data, fanout).workers(2).build();
        EpochBatches batches = pipeline.start(epoch)) {
      DeviceBatch first = batches.next();
      assertEquals(3, first.numSeeds());
      assertArrayEquals(new int[] {0, 1, 0, 2}, first.seedLocalIds());
      first.seedLocalIds()[0] = 5;
      first.close();
      try (DeviceBatch second = batches.next()) {
        assertArrayEquals(new int[] {0, 1}, second.seedLocalIds());
      }
      assertArrayEquals(new int[] {0, 1, 0, 2}, first.seedLocalIds());
    }
  }

  @Test
  void gathersTheSameFeaturesForAnyNumberOfWorkers() {
    assertEquals(featuresOf(1), featuresOf(4));
  }

  private List<Long> featuresOf(int workers) {
    List<Long> checksums = new ArrayList<>();
    try (BatchPipeline pipeline = pipeline(workers);
        EpochBatches batches = pipeline.start(plan.epoch(0))) {
      while (batches.hasNext()) {
        try (DeviceBatch batch = batches.next()) {
          CRC32C crc = new CRC32C();
          crc.update(batch.features().asByteBuffer());
          checksums.add(crc.getValue());
        }
      }
    }
    return checksums;
  }

  @Test
  void takesAnotherFanoutForAnEpoch() {
    try (BatchPipeline pipeline = pipeline(2)) {
      try (EpochBatches batches = pipeline.start(plan.epoch(0), Fanout.of(7, 1, 1));
          DeviceBatch batch = batches.next()) {
        assertEquals(3, batch.numLayers());
      }
      assertEquals(digest(1, 1, plan.epoch(0)), drain(pipeline, plan.epoch(0)).batchesDigest());
    }
  }

  @Test
  void goesOnInTheMiddleOfAnEpochAsIfItHadNotStopped() {
    EpochPlan.Epoch epoch = plan.epoch(1);
    EpochStats whole;
    try (BatchPipeline pipeline = pipeline(2)) {
      whole = drain(pipeline, epoch);
    }
    for (int stop = 0; stop <= 32; stop += 4) {
      EpochStats before;
      try (BatchPipeline pipeline = pipeline(3);
          EpochBatches batches = pipeline.start(epoch)) {
        for (int number = 0; number < stop; number++) {
          batches.next().close();
        }
        before = batches.stats();
      }
      try (BatchPipeline pipeline = pipeline(2)) {
        EpochBatches batches = pipeline.resume(epoch, before);
        try (batches) {
          for (int number = stop; batches.hasNext(); number++) {
            try (DeviceBatch batch = batches.next()) {
              assertEquals(number, batch.number());
            }
          }
        }
        EpochStats stats = batches.stats();
        assertEquals(whole.batchesDigest(), stats.batchesDigest(), "stop " + stop);
        assertEquals(whole.numBatches(), stats.numBatches());
        assertEquals(whole.numNodes(), stats.numNodes());
        assertEquals(whole.numEdges(), stats.numEdges());
        assertEquals(whole.featureBytes(), stats.featureBytes());
        assertTrue(stats.wallNanos() > before.wallNanos());
      }
    }
  }

  @Test
  void givesAsManyBatchesAtATimeAsTheConsumerSaysItHolds() {
    try (BatchPipeline pipeline = BatchPipeline.builder(data, fanout).workers(1).held(5).build();
        EpochBatches batches = pipeline.start(plan.epoch(0))) {
      List<DeviceBatch> held = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        held.add(batches.next());
      }
      held.forEach(DeviceBatch::close);
      assertEquals(5, batches.next().number());
    }
  }

  /** Workers beyond the slots wait, and the batches are the same. */
  @Test
  void takesNoMoreSlotsThanItMayHoweverManyWorkersThereAre() {
    try (BatchPipeline many = BatchPipeline.builder(data, fanout).workers(6).build();
        BatchPipeline few = BatchPipeline.builder(data, fanout).workers(6).slotsAtMost(2).build()) {
      EpochStats expected = drain(many, plan.epoch(0));
      EpochStats found = drain(few, plan.epoch(0));
      assertEquals(expected.batchesDigest(), found.batchesDigest());
      assertEquals(8, many.numSlots());
      assertEquals(2, few.numSlots());
    }
  }

  @Test
  void refusesFewerSlotsThanBatchesAreHeld() {
    BadInputException thrown =
        assertThrows(
            BadInputException.class,
            () -> BatchPipeline.builder(data, fanout).held(4).slots(3).build());
    assertEquals(
        "slots must hold the batches that are open at a time: slots=3, held=4",
        thrown.getMessage());
  }

  @Test
  void refusesToStartOnceClosed() {
    BatchPipeline pipeline = pipeline(1);
    drain(pipeline, plan.epoch(0));
    pipeline.close();

    assertThrows(IllegalStateException.class, () -> pipeline.start(plan.epoch(1)));
    pipeline.close();
  }

  @Test
  void keepsTheFiguresOfAClosedEpoch() {
    try (BatchPipeline pipeline = pipeline(2)) {
      EpochBatches first = pipeline.start(plan.epoch(0));
      first.next().close();
      first.close();
      EpochStats stats = first.stats();
      drain(pipeline, plan.epoch(1));

      assertEquals(stats, first.stats());
    }
  }

  @Test
  void countsWhatItDelivered() {
    EpochPlan.Epoch epoch = plan.epoch(0);
    long nodes = 0;
    long edges = 0;
    try (BatchPipeline pipeline = pipeline(2)) {
      EpochBatches batches = pipeline.start(epoch);
      try (batches) {
        while (batches.hasNext()) {
          try (DeviceBatch batch = batches.next()) {
            nodes += batch.numNodes();
            edges += batch.layer(0).numEdges() + batch.layer(1).numEdges();
          }
        }
      }
      EpochStats stats = batches.stats();
      assertEquals(32, stats.numBatches());
      assertEquals(nodes, stats.numNodes());
      assertEquals(edges, stats.numEdges());
      assertEquals(nodes * TestData.DIM * Float.BYTES, stats.featureBytes());
      assertTrue(stats.sampleNanos() > 0 && stats.sliceNanos() > 0 && stats.wallNanos() > 0);
      assertTrue(stats.waitShare() >= 0 && stats.waitShare() <= 1);
    }
  }

  @Test
  void growsItsSlotsAndCountsIt() {
    try (BatchPipeline pipeline =
        BatchPipeline.builder(data, fanout).workers(2).slots(3).slotBytes(1).build()) {
      EpochStats stats = drain(pipeline, plan.epoch(0));
      assertTrue(stats.slotGrowths() > 0);
      assertEquals(digest(1, 1, plan.epoch(0)), stats.batchesDigest());
      for (int epoch = 1; epoch < 20; epoch++) {
        drain(pipeline, plan.epoch(epoch));
      }
      assertEquals(0, drain(pipeline, plan.epoch(0)).slotGrowths());
    }
  }

  @Test
  void runsManyEpochsOnTheSameSlots() {
    try (BatchPipeline pipeline = pipeline(3)) {
      for (int epoch = 0; epoch < 30; epoch++) {
        assertEquals(32, drain(pipeline, plan.epoch(epoch)).numBatches());
        assertEquals(0, pipeline.slotsInUse());
      }
    }
  }

  @Test
  void refusesToWaitForSlotsThatTheConsumerHolds() {
    try (BatchPipeline pipeline = BatchPipeline.builder(data, fanout).workers(1).slots(2).build();
        EpochBatches batches = pipeline.start(plan.epoch(0))) {
      batches.next();
      batches.next();
      assertThrows(IllegalStateException.class, batches::next);
    }
  }

  @Test
  void refusesASecondEpochAtATime() {
    try (BatchPipeline pipeline = pipeline(1)) {
      pipeline.start(plan.epoch(0));
      assertThrows(IllegalStateException.class, () -> pipeline.start(plan.epoch(1)));
    }
  }

  @Test
  void refusesTheUseOfAClosedBatch() {
    try (BatchPipeline pipeline = pipeline(1);
        EpochBatches batches = pipeline.start(plan.epoch(0))) {
      DeviceBatch batch = batches.next();
      batch.close();
      batch.close();
      assertThrows(IllegalStateException.class, batch::features);
    }
  }

  @Test
  void acceptsAnEpochWithoutSeeds() {
    try (BatchPipeline pipeline = pipeline(2)) {
      EpochStats stats = drain(pipeline, EpochPlan.of(new int[0], 64, 1).epoch(0));
      assertArrayEquals(new long[] {0, 0}, new long[] {stats.numBatches(), stats.batchesDigest()});
    }
  }

  @Test
  void rejectsNoWorkersAndNoSlots() {
    assertThrows(BadInputException.class, () -> BatchPipeline.builder(data, fanout).workers(0));
    assertThrows(BadInputException.class, () -> BatchPipeline.builder(data, fanout).slots(0));
  }

  private BatchPipeline pipeline(int workers) {
    return BatchPipeline.builder(data, fanout).workers(workers).build();
  }
}
