package io.millrace.transfer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.Fanout;
import java.lang.management.ManagementFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What a batch costs the Java heap once all slots and scratch have their size: its descriptors and
 * its seeds, but nothing that grows with its nodes or edges.
 */
class AllocationTest {
  private static final int NUM_NODES = 40_000;
  private static final int NUM_SEEDS = 8_000;
  private static final int BATCH_SIZE = 256;
  private static final int NUM_EPOCHS = 8;

  /** Beside the seeds; an int for each node of a batch here would be 40 000 and more. */
  private static final long MAX_BYTES_PER_BATCH = 4_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void aBatchInTheSteadyStateLeavesItsDescriptorsOnTheHeapAndNoMore() {
    EpochPlan plan = EpochPlan.of(IntStream.range(0, NUM_SEEDS).toArray(), BATCH_SIZE, 1);
    long numNodes = 0;
    long numBatches = 0;
    try (GraphDataset data = TestData.random(NUM_NODES, 30);
        BatchPipeline pipeline =
            BatchPipeline.builder(data, Fanout.of(10, 10)).workers(2).build()) {
      for (int epoch = 0; epoch < NUM_EPOCHS; epoch++) {
        run(pipeline, plan.epoch(epoch));
      }
      long before = allocatedBytes();
      for (int epoch = NUM_EPOCHS; epoch < 2 * NUM_EPOCHS; epoch++) {
        EpochStats stats = run(pipeline, plan.epoch(epoch));
        numBatches += stats.numBatches();
        numNodes += stats.numNodes();
      }
      long perEpoch = (long) NUM_SEEDS * Integer.BYTES; // the plan's shuffled seeds
      long perBatch = (allocatedBytes() - before - NUM_EPOCHS * perEpoch) / numBatches;

      assertTrue(numNodes / numBatches > 10_000, "the batches are too small to tell");
      assertTrue(
          perBatch < MAX_BYTES_PER_BATCH + BATCH_SIZE * Integer.BYTES, perBatch + " bytes a batch");
    }
  }

  private static EpochStats run(BatchPipeline pipeline, EpochPlan.Epoch epoch) {
    EpochBatches batches = pipeline.start(epoch);
    try (batches) {
      while (batches.hasNext()) {
        batches.next().close();
      }
    }
    return batches.stats();
  }

  /** Of this thread, the consumer's, and of the workers. */
  private long allocatedBytes() {
    long sum = threads.getThreadAllocatedBytes(Thread.currentThread().threadId());
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("millrace-worker-")) {
        sum += threads.getThreadAllocatedBytes(thread.threadId());
      }
    }
    return sum;
  }
}
