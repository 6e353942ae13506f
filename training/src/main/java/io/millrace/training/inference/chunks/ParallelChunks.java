package io.millrace.training.inference.chunks;

import ai.djl.ndarray.NDArray;
import io.millrace.Internal;
import io.millrace.training.torch.GradMode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Computes chunks in place on several threads, ahead of the thread that takes their rows in order
 * and writes them. Each thread computes a whole chunk, with one thread of libtorch. Several threads
 * of libtorch for one chunk leave cores idle, because its operations are short and begin one after
 * the other.
 *
 * <p>Used by one thread, which closes it; then the rows that nobody has taken are freed.
 */
@Internal
public final class ParallelChunks implements AutoCloseable {
  private final InPlaceRows rows;
  private final Iterator<ChunkPlan.Chunk> chunks;
  private final int numThreads;
  private final ExecutorService threads;
  private final Deque<Future<NDArray>> ahead = new ArrayDeque<>();

  /**
   * @param chunks in the order in which their rows are taken; none is long
   */
  public ParallelChunks(InPlaceRows rows, List<ChunkPlan.Chunk> chunks, int numThreads) {
    this.rows = rows;
    this.chunks = chunks.iterator();
    this.numThreads = numThreads;
    threads =
        Executors.newFixedThreadPool(
            numThreads, Thread.ofPlatform().daemon().name("millrace-chunks-", 0).factory());
  }

  /**
   * The rows of the next chunk, which the caller closes.
   *
   * @throws RuntimeException as the layer does
   */
  public NDArray next() {
    while (ahead.size() <= numThreads && chunks.hasNext()) {
      ahead.add(threads.submit(computing(chunks.next())));
    }
    try {
      return ahead.remove().get();
    } catch (ExecutionException e) {
      throw switch (e.getCause()) {
        case RuntimeException failure -> failure;
        case Error failure -> throw failure;
        default -> new IllegalStateException(e.getCause());
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while chunks were computed", e);
    }
  }

  private Callable<NDArray> computing(ChunkPlan.Chunk chunk) {
    return () -> {
      try (GradMode _ = GradMode.off()) {
        return rows.compute(chunk.begin(), chunk.end());
      }
    };
  }

  @Override
  public void close() {
    threads.close(); // waits for the chunks that are being computed
    ahead.stream()
        .filter(it -> it.state() == Future.State.SUCCESS)
        .forEach(it -> it.resultNow().close());
  }
}
