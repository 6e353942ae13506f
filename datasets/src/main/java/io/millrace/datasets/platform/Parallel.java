package io.millrace.datasets.platform;

import io.millrace.Internal;
import io.millrace.Progress;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Runs numbered tasks on all cores, each thread taking the next number when it is free.
 *
 * <p>The work of a task must depend on its number alone, so that results do not depend on the
 * number of threads. Threads are those of the pool the caller runs in, the common pool by default.
 */
@Internal
public final class Parallel {
  private Parallel() {}

  /**
   * Runs {@code task} for 0 to {@code numTasks - 1}. Returns when no task is running. After an
   * exception no further task begins, the running ones finish, and the first exception is thrown.
   */
  public static void run(int numTasks, IntConsumer task) {
    AtomicInteger next = new AtomicInteger();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    IntStream.range(0, Math.min(numTasks, numThreads()))
        .parallel()
        .forEach(_ -> runAll(next, numTasks, task, failure));
    switch (failure.get()) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  private static void runAll(
      AtomicInteger next, int numTasks, IntConsumer task, AtomicReference<Throwable> failure) {
    try {
      for (int i = next.getAndIncrement(); i < numTasks; i = next.getAndIncrement()) {
        task.accept(i);
      }
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
      next.set(numTasks);
    }
  }

  /** As {@link #run(int, IntConsumer)}, and reports to {@code progress} how many tasks are done. */
  public static void run(int numTasks, Progress progress, String stage, IntConsumer task) {
    AtomicInteger done = new AtomicInteger();
    progress.update(stage, 0, numTasks);
    run(
        numTasks,
        i -> {
          task.accept(i);
          synchronized (done) {
            progress.update(stage, done.incrementAndGet(), numTasks);
          }
        });
  }

  /**
   * Lets at most {@code numWorkers} threads repeat a step. Each thread has its own step and stops
   * when the step returns false or when any thread has failed.
   */
  public static void workers(int numWorkers, Supplier<BooleanSupplier> newStep) {
    AtomicBoolean failed = new AtomicBoolean();
    run(
        numWorkers,
        _ -> {
          try {
            BooleanSupplier step = newStep.get();
            boolean more = true;
            while (more && !failed.get()) {
              more = step.getAsBoolean();
            }
          } catch (RuntimeException | Error e) {
            failed.set(true);
            throw e;
          }
        });
  }

  /** Runs {@code task} over {@code [0, size)} in ranges of {@code step}. */
  public static void ranges(long size, long step, RangeTask task) {
    run(numRanges(size, step), i -> task.run(i * step, Math.min(size, (i + 1) * step)));
  }

  /**
   * The smallest position at which {@code search} finds something, or -1. Ranges after such a
   * position are skipped.
   */
  public static long first(long size, long step, RangeSearch search) {
    AtomicLong first = new AtomicLong(Long.MAX_VALUE);
    ranges(
        size,
        step,
        (from, to) -> {
          long found = from < first.get() ? search.find(from, to) : -1;
          if (found >= 0) {
            first.accumulateAndGet(found, Math::min);
          }
        });
    return first.get() == Long.MAX_VALUE ? -1 : first.get();
  }

  public static int numRanges(long size, long step) {
    return Math.toIntExact(Math.ceilDiv(size, step));
  }

  private static int numThreads() {
    int numCores = Runtime.getRuntime().availableProcessors();
    return ForkJoinTask.inForkJoinPool()
        ? Math.max(numCores, ForkJoinTask.getPool().getParallelism())
        : numCores;
  }

  /** A task over the positions {@code from} (inclusive) to {@code to} (exclusive). */
  @FunctionalInterface
  public interface RangeTask {
    void run(long from, long to);
  }

  /** Finds the smallest position in {@code [from, to)}, or returns -1. */
  @FunctionalInterface
  public interface RangeSearch {
    long find(long from, long to);
  }
}
