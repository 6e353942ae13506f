package io.millrace.ranks.params;

import io.millrace.ranks.Collective;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Folds rounds on a thread of its own, which alone uses the collective while a round is under way.
 */
final class FoldThread implements Exchange {
  private static final long CLOSE_MILLIS = 10_000;

  private final Collective ranks;
  private final Listener listener;
  private final LinkedBlockingQueue<Round> submitted = new LinkedBlockingQueue<>();
  private final Thread thread;

  FoldThread(Collective ranks, Listener listener) {
    this.ranks = ranks;
    this.listener = listener;
    thread = Thread.ofPlatform().daemon().name("millrace-fold-" + ranks.rank()).start(this::run);
  }

  @Override
  public void submit(Round round) {
    submitted.add(round);
  }

  private void run() {
    try {
      while (true) {
        Round round = submitted.take();
        Exchange.fold(ranks, round);
        listener.completed(round);
      }
    } catch (InterruptedException e) {
      // closed
    } catch (RuntimeException e) {
      listener.failed(e);
    }
  }

  /** A fold that is under way fails, on all ranks. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
