package io.millrace.ranks.params;

import io.millrace.ranks.Collective;

/** How rounds become sums: in their order, each complete once all ranks have submitted it. */
interface Exchange extends AutoCloseable {
  /** What is reported about rounds, from any thread. */
  interface Listener {
    void completed(Round round);

    void failed(RuntimeException cause);
  }

  /** Begins a round; may return before it is complete. */
  void submit(Round round);

  /** Ends what is under way. */
  @Override
  void close();

  /** A round is a fold. */
  static void fold(Collective ranks, Round round) {
    ranks.step(round.step());
    ranks.foldInOrder(round.parts(), round.sum());
  }

  /** Submitting waits until the round is complete. */
  record Waiting(Collective ranks, Listener listener) implements Exchange {
    @Override
    public void submit(Round round) {
      fold(ranks, round);
      listener.completed(round);
    }

    @Override
    public void close() {}
  }
}
