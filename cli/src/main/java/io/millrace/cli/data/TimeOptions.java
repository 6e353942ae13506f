package io.millrace.cli.data;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.sampler.draw.TimeRule;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** The options that say which edges count at a time. */
@Internal
public final class TimeOptions {
  @Option(
      names = "--before",
      description = "Only edges before the time count (default); needs edge times.")
  private boolean before;

  @Option(names = "--until", description = "Edges at that very time count, too.")
  private boolean until;

  @Option(
      names = "--window",
      paramLabel = "T",
      description = "Edges older than T before the time do not count (default: all do).")
  private Optional<Long> window = Optional.empty();

  @Option(
      names = "--source-times",
      paramLabel = "seed|edge",
      description =
          "Neighbours are looked at at the time of the seed, or at that of the edge that leads to"
              + " them (default: seed).")
  private Optional<TimeRule.Sources> sources = Optional.empty();

  /**
   * The rule; empty if no option is given.
   *
   * @throws BadInputException if two exclude each other, or the window is negative
   */
  public Optional<TimeRule> rule() {
    if (before && until) {
      throw BadInputException.of(
          "--before and --until exclude each other", "--before", true, "--until", true);
    }
    if (!before && !until && window.isEmpty() && sources.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new TimeRule(
            until,
            window.map(OptionalLong::of).orElse(OptionalLong.empty()),
            sources.orElse(TimeRule.Sources.SEED)));
  }
}
