package io.millrace.transfer;

import io.millrace.sampler.BatchPlan;
import io.millrace.sampler.Fanout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * One plan whose batches several readers read, each at its own pace.
 *
 * <p>The reader that needs the next batch first takes it from the pipeline for all of them, one
 * reader at a time, and it counts how many have yet to be done with it. A batch whose count is 0 is
 * closed by the next reader that uses the pipeline, because a stream belongs to one thread at a
 * time. The window of batches that are not closed has {@link SharedBatches#MAX_APART} places, so
 * the fastest reader waits for the slowest, and the slots suffice.
 *
 * <p>Thread-safe; the lock is that of the {@link SharedBatches}.
 */
final class Broadcast {
  /** A batch in the window. */
  static final class Held {
    private final DeviceBatch batch;
    private int numReaders;

    private Held(DeviceBatch batch, int numReaders) {
      this.batch = batch;
      this.numReaders = numReaders;
    }

    DeviceBatch batch() {
      return batch;
    }
  }

  private final SharedBatches lock;
  private final SharedSource founder;
  private final String identity;
  private final Fanout fanout;
  private final BatchPipeline pipeline;
  private final EpochBatches stream;
  private final int places;
  private final Set<SharedStream> readers = new HashSet<>();
  private final Deque<Held> window = new ArrayDeque<>();
  private final List<DeviceBatch> done = new ArrayList<>();

  /** The number of the first batch in the window. */
  private int base;

  private boolean begun;
  private boolean pulling;
  private Optional<RuntimeException> failure = Optional.empty();

  Broadcast(
      SharedBatches lock,
      SharedSource founder,
      String identity,
      Fanout fanout,
      BatchPipeline pipeline,
      BatchPlan plan) {
    this.lock = lock;
    this.founder = founder;
    this.identity = identity;
    this.fanout = fanout;
    this.pipeline = pipeline;
    places = SharedBatches.MAX_APART + founder.numHeld() - 1;
    stream = pipeline.start(plan, fanout);
  }

  SharedSource founder() {
    return founder;
  }

  Fanout fanout() {
    return fanout;
  }

  /** Whether a reader of such a plan still finds its first batch. */
  boolean takes(String other, Fanout chosen) {
    return identity.equals(other) && fanout.equals(chosen) && base == 0 && failure.isEmpty();
  }

  void enter(SharedStream reader) {
    readers.add(reader);
    window.forEach(held -> held.numReaders++);
  }

  /** Waits for a batch. */
  Held take(int number) {
    synchronized (lock) {
      while (!begun) {
        begun = !lock.isAwaited(this);
        if (!begun) {
          await();
        }
      }
      while (true) {
        if (number < base + window.size()) {
          return held(number);
        }
        if (failure.isPresent()) {
          throw failure.get();
        }
        if (pulling || window.size() == places) {
          await();
        } else {
          pulling = true;
          break;
        }
      }
    }
    return pull();
  }

  private Held held(int number) {
    Iterator<Held> all = window.iterator();
    for (int i = base; i < number; i++) {
      all.next();
    }
    return all.next();
  }

  private void await() {
    try {
      lock.wait();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while waiting for a shared batch");
    }
  }

  /** By the one reader that is pulling. */
  private Held pull() {
    try {
      closeDone();
      DeviceBatch batch = stream.next();
      return pulled(batch);
    } catch (RuntimeException e) {
      failed(e);
      throw e;
    }
  }

  private Held pulled(DeviceBatch batch) {
    synchronized (lock) {
      Held held = new Held(batch, readers.size());
      window.add(held);
      lock.sampled();
      pulling = false;
      lock.notifyAll();
      return held;
    }
  }

  private void failed(RuntimeException e) {
    synchronized (lock) {
      failure = Optional.of(e);
      pulling = false;
      lock.notifyAll();
    }
  }

  private void closeDone() {
    List<DeviceBatch> closing;
    synchronized (lock) {
      closing = List.copyOf(done);
      done.clear();
    }
    closing.forEach(DeviceBatch::close);
  }

  /** A reader is done with a batch. */
  void release(Held held) {
    synchronized (lock) {
      held.numReaders--;
      retire();
    }
  }

  private void retire() {
    while (!window.isEmpty() && window.getFirst().numReaders == 0) {
      done.add(window.removeFirst().batch);
      base++;
    }
    lock.notifyAll();
  }

  /**
   * A reader leaves; it has released the batches that it took.
   *
   * @param next the number of the first batch that it did not take
   */
  void leave(SharedStream reader, int next) {
    synchronized (lock) {
      readers.remove(reader);
      int number = base;
      for (Held held : window) {
        if (number++ >= next) {
          held.numReaders--;
        }
      }
      retire();
      if (!readers.isEmpty()) {
        return;
      }
      failure = Optional.of(new IllegalStateException("the broadcast has ended")); // none joins
    }
    List<Runnable> steps = List.of(this::closeDone, stream::close);
    try {
      Shutdown.run(steps);
    } finally {
      lock.ended(this, pipeline);
    }
  }
}
