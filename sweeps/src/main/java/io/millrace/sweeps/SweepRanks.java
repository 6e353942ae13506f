package io.millrace.sweeps;

import com.google.gson.Gson;
import io.millrace.ranks.Attempt;
import io.millrace.ranks.Collective;
import io.millrace.ranks.RankSum;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.parallel.Ranks;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The ranks that share each trial of a sweep. Rank 0 decides, reads and writes; the others train
 * what it orders, and get its log at the end. The collective stays the caller's. One thread.
 */
final class SweepRanks {
  /** A sweep of one process; all methods do nothing or give back what they were given. */
  static final SweepRanks ALONE = new SweepRanks(Optional.empty());

  private static final Gson GSON = new Gson();

  /** What rank 0 orders. */
  enum Work {
    /** To train the trial until rank 0 decides that it leaves. */
    TRAIN,

    /** To evaluate the trial on the test nodes. */
    TEST,

    /** To take over the log, which is complete. */
    END
  }

  /**
   * @param epochs that the trial has trained
   */
  record Order(Work work, Trial trial, int epochs) {
    static final Order END = new Order(Work.END, new Trial(0, 0, Map.of()), 0);
  }

  private final Optional<Collective> collective;

  private SweepRanks(Optional<Collective> collective) {
    this.collective = collective;
  }

  static SweepRanks of(Collective collective) {
    return new SweepRanks(Optional.of(collective));
  }

  /** Whether this rank decides, reads and writes. */
  boolean isFirst() {
    return collective.map(it -> it.rank() == 0).orElse(true);
  }

  /** 1 for a sweep of one process. */
  int size() {
    return collective.map(Collective::size).orElse(1);
  }

  /** Does this rank's part of the sweep; what it throws ends the sweep on all ranks. */
  <T> T together(Supplier<T> part) {
    try {
      return part.get();
    } catch (Throwable t) {
      collective.ifPresent(it -> it.fail(t));
      throw t;
    }
  }

  /**
   * Checks that all ranks have the same settings.
   *
   * @throws io.millrace.BadInputException naming the first that differs, on all ranks
   */
  void requireSame(Map<String, String> settings) {
    collective.ifPresent(it -> Ranks.of(it, it.size(), RankSum.ORDERED).requireSame(settings));
  }

  /** Says on rank 0 what the others do next. */
  void order(Order order) {
    collective.ifPresent(
        it -> it.broadcast(GSON.toJson(order).getBytes(StandardCharsets.UTF_8), 0));
  }

  /** What rank 0 orders; there must be a collective. */
  Order next() {
    byte[] order = collective.orElseThrow().broadcast(new byte[0], 0);
    return GSON.fromJson(new String(order, StandardCharsets.UTF_8), Order.class);
  }

  /** The bytes that rank 0 has. */
  byte[] ofFirst(Supplier<byte[]> first) {
    byte[] own = isFirst() ? first.get() : new byte[0];
    return collective.map(it -> it.broadcast(own, 0)).orElse(own);
  }

  /** Shares a trainer whose failure ends the sweep. */
  TrainerBuilder share(TrainerBuilder builder) {
    collective.ifPresent(builder::collective);
    return builder;
  }

  /** To train a trial, whose bad input ends it alone. All ranks call it together. */
  TrialRanks trial() {
    return new TrialRanks(collective.map(Attempt::new));
  }
}
