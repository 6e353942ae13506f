package io.millrace.transfer;

import io.millrace.sampler.BatchPlan;
import io.millrace.sampler.Fanout;
import io.millrace.transfer.trace.Stage;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * What one reader of a {@link Broadcast} reads: all batches of the plan, in order. Its statistics
 * have no times of workers, whose work is shared. Used by the reader's thread.
 */
final class SharedStream implements BatchStream {
  private final SharedSource source;
  private final Broadcast broadcast;
  private final Fanout fanout;
  private final int numBatches;
  private final EpochCounters counters;
  private final Set<DeviceBatch> open = new HashSet<>();
  private final long startNanos = System.nanoTime();
  private final long waitedBefore;
  private int next;
  private boolean closed;

  SharedStream(SharedSource source, Broadcast broadcast, BatchPlan plan, Fanout fanout) {
    this.source = source;
    this.broadcast = broadcast;
    this.fanout = fanout;
    numBatches = plan.numBatches();
    counters = new EpochCounters(EpochStats.NONE, source.consumer());
    waitedBefore = waited();
  }

  private long waited() {
    return source.consumer().totals(Stage.WAIT_FOR_DATA).wallNanos();
  }

  Broadcast broadcast() {
    return broadcast;
  }

  @Override
  public int numBatches() {
    return numBatches;
  }

  @Override
  public boolean hasNext() {
    return !closed && next < numBatches;
  }

  @Override
  public DeviceBatch next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Stage before = source.consumer().enter(Stage.WAIT_FOR_DATA, next);
    Broadcast.Held held;
    try {
      held = broadcast.take(next);
    } catch (RuntimeException e) {
      close();
      throw e;
    } finally {
      source.consumer().enter(before);
    }
    next++;
    DeviceBatch batch =
        held.batch()
            .sharedWith(
                it -> {
                  open.remove(it);
                  broadcast.release(held);
                });
    open.add(batch);
    counters.delivered(batch.sliced());
    source.read();
    return batch;
  }

  @Override
  public EpochStats stats() {
    return counters.stats(List.of(), 0);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    List.copyOf(open).forEach(DeviceBatch::close);
    broadcast.leave(this, next);
    long busy = System.nanoTime() - startNanos - (waited() - waitedBefore);
    source.left(fanout, next == 0 ? Double.NaN : (double) busy / next);
  }
}
