package io.millrace.training.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.Fanout;
import io.millrace.slicing.FeatureStore;
import io.millrace.slicing.GatherKind;
import io.millrace.slicing.partition.PartitionPlan;
import io.millrace.slicing.partition.PartitionedFeatures;
import io.millrace.slicing.partition.RemoteRows;
import io.millrace.slicing.partition.StreamingPartitioner;
import io.millrace.training.Planted;
import io.millrace.transfer.BatchPipeline;
import io.millrace.transfer.BatchStream;
import io.millrace.transfer.DeviceBatch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Rows of another rank that take 5 ms to arrive, whatever their number. */
class FetchAheadTest {
  private static final int DELAY_MILLIS = 5;

  private static final class SlowRows implements RemoteRows {
    private final FeatureStore rows;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    private SlowRows(FeatureStore rows) {
      this.rows = rows;
    }

    @Override
    public CompletableFuture<Void> fetch(int owner, int[] nodes, int[] places, MemorySegment out) {
      most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
      return CompletableFuture.runAsync(
          () -> {
            long rowBytes = (long) rows.dim() * rows.type().bytes();
            try (Arena arena = Arena.ofConfined()) {
              MemorySegment fetched = arena.allocate(nodes.length * rowBytes, 8);
              rows.gather(nodes, nodes.length, fetched);
              for (int i = 0; i < nodes.length; i++) {
                MemorySegment.copy(fetched, i * rowBytes, out, places[i] * rowBytes, rowBytes);
              }
            }
            underWay.decrementAndGet();
          },
          CompletableFuture.delayedExecutor(DELAY_MILLIS, TimeUnit.MILLISECONDS));
    }
  }

  private record Epoch(long digest, double featureSum, int mostUnderWay, long millis) {}

  private static Epoch epoch(GraphDataset data, int slots, boolean divided) {
    EpochPlan.Epoch plan = EpochPlan.of(data.nodes(Split.TRAIN), 10, 1).epoch(0);
    FeatureStore rows = FeatureStore.of(data.features(), data.features().type(), GatherKind.AUTO);
    SlowRows remote = new SlowRows(rows);
    PartitionPlan parts =
        PartitionPlan.of(
            StreamingPartitioner.partition(data, 2),
            0,
            0,
            data.graph(),
            data.nodes(Split.TRAIN),
            10,
            Fanout.of(4, 3));
    try (PartitionedFeatures far = new PartitionedFeatures(parts, rows, remote);
        BatchPipeline pipeline =
            BatchPipeline.builder(data, Fanout.of(4, 3))
                .workers(1)
                .slots(slots)
                .features(divided ? far : rows)
                .build()) {
      long begin = System.nanoTime();
      double sum = 0;
      long digest;
      try (BatchStream batches = pipeline.start(plan)) {
        while (batches.hasNext()) {
          try (DeviceBatch batch = batches.next()) {
            for (float value : batch.features().toArray(ValueLayout.JAVA_FLOAT)) {
              sum += value;
            }
          }
        }
        digest = batches.stats().batchesDigest();
      }
      return new Epoch(digest, sum, remote.most.get(), (System.nanoTime() - begin) / 1_000_000);
    }
  }

  @Test
  void oneWorkerHasRowsForAllSlotsOnTheirWay(TestReporter reporter) {
    try (GraphDataset data = Planted.dataset()) {
      Epoch whole = epoch(data, 8, false);
      Epoch shallow = epoch(data, 1, true);
      Epoch deep = epoch(data, 8, true);
      reporter.publishEntry("one slot, eight slots", shallow + " " + deep);
      assertEquals(whole.digest, shallow.digest);
      assertEquals(whole.digest, deep.digest);
      assertEquals(whole.featureSum, shallow.featureSum);
      assertEquals(whole.featureSum, deep.featureSum);
      assertEquals(1, shallow.mostUnderWay);
      assertTrue(deep.mostUnderWay > 1 && deep.mostUnderWay <= 8, deep.toString());
    }
  }
}
