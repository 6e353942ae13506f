package io.millrace.cli.ranks;

import io.millrace.Internal;
import io.millrace.ranks.Collective;
import io.millrace.ranks.RanksPausedException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The ranks that share a training, from when they have joined until it ends.
 *
 * @param collective of this process; none for a training of one process
 * @param children that this process has started
 */
@Internal
public record RankSession(Optional<Collective> collective, List<LocalRank> children)
    implements AutoCloseable {
  /** How long ranks wait for one that lives and copies its dataset into memory. */
  public static final Duration COPY_LIMIT = Duration.ofHours(12);

  /** A training that is not shared. */
  static final RankSession ALONE = new RankSession(Optional.empty(), List.of());

  /**
   * Runs this process's part of the training; what it throws is reported to the other ranks, too.
   *
   * @param part is given the collective
   */
  public <T> T run(Function<Optional<Collective>, T> part) {
    try {
      return part.apply(collective);
    } catch (RanksPausedException e) {
      throw e; // no failure, and on all ranks
    } catch (Throwable t) {
      collective.ifPresent(it -> it.fail(t));
      throw t;
    }
  }

  /** Ends the collective, and waits for the processes that were started. */
  @Override
  public void close() {
    collective.ifPresent(Collective::close);
    long until = System.nanoTime() + LocalRank.END_NANOS;
    children.forEach(it -> it.close(until));
  }
}
