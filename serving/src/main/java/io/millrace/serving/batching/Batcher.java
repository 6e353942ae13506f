package io.millrace.serving.batching;

import io.millrace.serving.protocol.RequestException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A thread that takes batches out of a {@link BatchQueue} and has them computed.
 *
 * <p>Thread-safe. Every unit of work ends: with a value, with the error of its computation, with
 * 504 if it was too late, or with 503 if the batcher was closed.
 *
 * @param <W> one unit of work
 */
public final class Batcher<W extends Batcher.Work> implements AutoCloseable {
  /** One unit of work. */
  public interface Work {
    /** Completed with the result. */
    CompletableFuture<float[]> answer();
  }

  /** Is told what happens, on the batcher's thread. */
  public interface Listener {
    /**
     * A batch is done.
     *
     * @param limit the largest batch from now on
     */
    void finished(int size, long nanos, int limit);

    /** Work came too late. */
    void expired(int count);
  }

  private static final System.Logger LOG = System.getLogger(Batcher.class.getName());

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final BatchQueue<W> queue;
  private final LongSupplier objective;
  private final Consumer<List<W>> computation;
  private final Listener listener;
  private final Thread thread;
  private boolean closed;

  /**
   * @param objective how long a batch should take at most, in nanoseconds; may change
   * @param computation completes the answers of a batch
   */
  public Batcher(
      String name,
      BatchQueue<W> queue,
      LongSupplier objective,
      Consumer<List<W>> computation,
      Listener listener) {
    this.queue = queue;
    this.objective = objective;
    this.computation = computation;
    this.listener = listener;
    thread = Thread.ofPlatform().daemon().name("millrace-batches-" + name).start(this::loop);
  }

  /**
   * Takes work, all of it or none.
   *
   * @param deadline by {@link System#nanoTime}
   * @throws RequestException 503 if it would not be done in time, 504 if its time is over
   */
  public void submit(List<W> work, long deadline) {
    lock.lock();
    try {
      long now = System.nanoTime();
      if (closed) {
        throw RequestException.shed("the model is being closed", 1);
      }
      if (deadline <= now) {
        throw RequestException.expired();
      }
      OptionalLong wait = queue.refusal(work.size(), deadline, now);
      if (wait.isPresent()) {
        throw RequestException.shed(
            "too many requests: queued=%s, waitMillis=%s"
                .formatted(queue.size(), wait.getAsLong() / 1_000_000),
            wait.getAsLong() / 1e9);
      }
      work.forEach(it -> queue.add(it, deadline, now));
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** How much waits. */
  public int pending() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  /** The largest batch at present. */
  public int limit() {
    lock.lock();
    try {
      return queue.limit();
    } finally {
      lock.unlock();
    }
  }

  private void loop() {
    List<W> expired = new ArrayList<>();
    while (true) {
      expired.clear();
      List<W> batch = next(expired);
      if (!expired.isEmpty()) {
        listener.expired(expired.size());
        expired.forEach(it -> it.answer().completeExceptionally(RequestException.expired()));
      }
      if (!batch.isEmpty()) {
        compute(batch);
      } else if (expired.isEmpty()) {
        return; // closed, and nothing is left
      }
    }
  }

  private List<W> next(List<W> expired) {
    lock.lock();
    try {
      while (true) {
        OptionalLong ready = queue.readyAt();
        long now = System.nanoTime();
        if (ready.isPresent() && (closed || ready.getAsLong() <= now)) {
          return queue.take(now, expired);
        } else if (ready.isPresent()) {
          changed.await(ready.getAsLong() - now, TimeUnit.NANOSECONDS);
        } else if (closed) {
          return List.of();
        } else {
          changed.await();
        }
      }
    } catch (InterruptedException e) { // nobody interrupts this thread
      throw new IllegalStateException(e);
    } finally {
      lock.unlock();
    }
  }

  private void compute(List<W> batch) {
    long start = System.nanoTime();
    Throwable failure = new IllegalStateException("the computation gave no answer");
    try {
      computation.accept(batch);
    } catch (RuntimeException | Error e) { // of any kind: its waiters must hear of it
      failure = e;
      LOG.log(Level.ERROR, "a batch failed: " + thread.getName(), e);
    }
    long end = System.nanoTime();
    int limit;
    lock.lock();
    try {
      queue.finished(end, objective.getAsLong());
      limit = queue.limit();
    } finally {
      lock.unlock();
    }
    for (W work : batch) {
      work.answer().completeExceptionally(failure); // without effect where there is an answer
    }
    listener.finished(batch.size(), end - start, limit);
  }

  /** Does what waits and ends; what comes later is refused. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
