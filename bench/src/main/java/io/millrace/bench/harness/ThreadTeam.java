package io.millrace.bench.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that begin together. */
public final class ThreadTeam {
  /** What a thread does; threads count from 0. */
  @FunctionalInterface
  public interface Task {
    public void run(int thread) throws Exception;
  }

  private ThreadTeam() {}

  /**
   * Runs a task on each of some threads.
   *
   * @return nanoseconds from the common beginning to the last one's end
   */
  public static long run(int numThreads, Task task) {
    CountDownLatch begin = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newFixedThreadPool(numThreads)) {
      List<Future<Long>> ends = new ArrayList<>();
      for (int i = 0; i < numThreads; i++) {
        int thread = i;
        ends.add(
            threads.submit(
                () -> {
                  begin.await();
                  task.run(thread);
                  return System.nanoTime();
                }));
      }
      long start = System.nanoTime();
      begin.countDown();
      long nanos = 0;
      for (Future<Long> end : ends) {
        nanos = Math.max(nanos, end.get() - start);
      }
      return nanos;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    }
  }
}
