package io.millrace.cli.ranks;

import io.millrace.Internal;
import io.millrace.ranks.Collective;
import java.util.List;
import java.util.Optional;

/**
 * The ranks that share a training, from when they have joined until it ends.
 *
 * @param collective of this process; none for a training of one process
 * @param children that this process has started
 */
@Internal
public record RankSession(Optional<Collective> collective, List<LocalRank> children)
    implements AutoCloseable {
  /** A training that is not shared. */
  static final RankSession ALONE = new RankSession(Optional.empty(), List.of());

  /** Ends the collective, and waits for the processes that were started. */
  @Override
  public void close() {
    collective.ifPresent(Collective::close);
    children.forEach(LocalRank::close);
  }
}
