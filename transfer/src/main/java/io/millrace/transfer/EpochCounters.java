package io.millrace.transfer;

import io.millrace.slicing.SlicedBatch;
import io.millrace.slicing.SlotLayout;
import io.millrace.transfer.trace.Stage;
import io.millrace.transfer.trace.Track;
import java.util.List;

/**
 * Counts what an epoch delivers and how long its consumer waits, starting from earlier statistics.
 * Used by the consumer's thread.
 */
final class EpochCounters {
  private final EpochStats before;
  private final Track consumer;
  private final long waitBefore;
  private final long startNanos = System.nanoTime();
  private long numBatches;
  private long numNodes;
  private long numEdges;
  private long featureBytes;
  private long digest;

  EpochCounters(EpochStats before, Track consumer) {
    this.before = before;
    this.consumer = consumer;
    this.waitBefore = waited();
    this.digest = before.batchesDigest();
  }

  void delivered(SlicedBatch batch) {
    SlotLayout layout = batch.layout();
    numBatches++;
    numNodes += layout.numNodes();
    numEdges += layout.numEdges();
    featureBytes += layout.featureBytes();
    digest = EpochStats.digest(digest, batch.checksum());
  }

  private long waited() {
    return consumer.totals(Stage.WAIT_FOR_DATA).wallNanos();
  }

  /**
   * The statistics now.
   *
   * @param finished workers whose times are complete
   */
  EpochStats stats(List<BatchWorker> finished, long growths) {
    EpochStats here =
        new EpochStats(
            numBatches,
            numNodes,
            numEdges,
            featureBytes,
            finished.stream().mapToLong(BatchWorker::sampleNanos).sum(),
            finished.stream().mapToLong(BatchWorker::sliceNanos).sum(),
            finished.stream().mapToLong(BatchWorker::slotWaitNanos).sum(),
            waited() - waitBefore,
            growths,
            System.nanoTime() - startNanos,
            digest);
    return before.plus(here);
  }
}
