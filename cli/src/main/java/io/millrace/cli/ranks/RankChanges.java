package io.millrace.cli.ranks;

import io.millrace.Internal;
import io.millrace.ranks.RankFailedException;
import io.millrace.ranks.RanksPausedException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Which ranks a training has at a time: without those that have failed, or as rank 0 was asked to.
 * After a change, {@link RankOptions#join} brings together those that there are. Used by one
 * thread.
 */
@Internal
public final class RankChanges {
  private final ElasticOptions options;
  private final boolean child;
  private Placement now;
  private Optional<ResizeFile> requests = Optional.empty();
  private int numRestarts;
  private int numResizes;

  /**
   * @param child whether another process has started this one, and will start it anew
   */
  RankChanges(Placement first, ElasticOptions options, boolean child) {
    now = first;
    this.options = options;
    this.child = child;
  }

  Placement now() {
    return now;
  }

  void now(Placement value) {
    now = value;
  }

  /** Whether ranks may change, which needs a directory. */
  public boolean arePossible() {
    return options.isPresent();
  }

  /** How often the training went on without a rank that had failed. */
  public int numRestarts() {
    return numRestarts;
  }

  /** How often the training went on with the ranks that it was asked to have. */
  public int numResizes() {
    return numResizes;
  }

  /**
   * What rank 0 asks between two steps, if there is a file for requests.
   *
   * @param max the most ranks
   * @param note shows why a request is not followed
   */
  public Optional<Supplier<Optional<String>>> pause(int max, Consumer<String> note) {
    if (requests.isEmpty()) {
      requests =
          options.resizeFile.map(
              file -> new ResizeFile(file, text -> now.request(text, max), note));
    }
    return requests.map(it -> it::next);
  }

  /**
   * Takes over what rank 0 has asked for.
   *
   * @return whether this process is still a rank
   */
  public boolean follow(RanksPausedException pause) {
    Optional<Placement> next = child ? Optional.empty() : now.after(pause.request());
    next.ifPresent(this::now);
    numResizes++;
    return next.isPresent();
  }

  /**
   * Leaves out a rank that has failed.
   *
   * @return whether this process is to go on
   */
  public boolean leaveOut(RankFailedException failure) {
    int failed = failure.rank();
    boolean isOther = failed > 0 && failed < now.size() && failed != now.rank();
    if (child || !isOther || numRestarts == options.restarts) {
      return false;
    }
    numRestarts++;
    now = now.without(failed);
    return true;
  }
}
