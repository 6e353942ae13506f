package io.millrace.cli.ranks;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.Require;
import io.millrace.ranks.RankSum;
import io.millrace.ranks.params.Staleness;
import io.millrace.tuning.balance.Balance;
import io.millrace.tuning.balance.RankProfile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The options that say which processes share a training, how, and how they change. The next class
 * to read is {@link RankSession}.
 */
@Internal
public final class RankOptions extends ProcessOptions {
  private static final int MAX_BATCH = Integer.MAX_VALUE;

  @Option(
      names = "--rank-sum",
      paramLabel = "ordered|ring",
      defaultValue = "ordered",
      description =
          "How ranks add up gradients: ordered gives the same bits for any number of ranks; ring"
              + " needs the memory of one gradient only, and gives other bits for another number of"
              + " ranks (default: ${DEFAULT-VALUE}).")
  private RankSum sum;

  @Option(
      names = "--batch-size-per-rank",
      paramLabel = "N",
      description = "Seeds per batch and rank, in place of --batch-size: N times the ranks.")
  private Optional<Integer> batchSizePerRank = Optional.empty();

  @Option(
      names = "--profiles",
      paramLabel = "FILE,...",
      split = ",",
      description =
          "Divide the batches among unequal machines by what balance profile has measured on each,"
              + " the file of rank 0 first; also decides --virtual-nodes, unless it is given.")
  private List<Path> profiles = List.of();

  @Option(
      names = "--staleness",
      paramLabel = "S",
      defaultValue = "0",
      description =
          "Let ranks be ahead of the slowest by up to S steps, so that a short pause of one does"
              + " not stop the others: gradients are of the weights of S steps before (default:"
              + " ${DEFAULT-VALUE}, wait in every step).")
  private int staleness;

  @Option(
      names = "--stale-read",
      paramLabel = "pinned|fresh",
      defaultValue = "pinned",
      description =
          "With --staleness: which weights a step reads, always those of S steps before, so that"
              + " the result does not depend on time, or the newest that are complete (default:"
              + " ${DEFAULT-VALUE}).")
  private Staleness.Read staleRead;

  @Mixin private ElasticOptions elastic;

  /** How the ranks change while the training runs. */
  private Optional<RankChanges> changes = Optional.empty();

  /** Which ranks there are now, and how they change. */
  public RankChanges changes() {
    if (changes.isEmpty()) {
      changes = Optional.of(new RankChanges(given(), elastic, isChild()));
    }
    return changes.get();
  }

  @Override
  void requireFit() {
    super.requireFit();
    batchSizePerRank.ifPresent(it -> Require.positive("--batch-size-per-rank", it));
    if (batchSizePerRank.isPresent() && isAlone()) {
      throw BadInputException.of(
          "--batch-size-per-rank needs --ranks, --hosts or --collective mpi",
          "--batch-size-per-rank",
          batchSizePerRank.get());
    }
    if (staleness().isStale() && isAlone()) {
      throw BadInputException.of(
          "--staleness needs --ranks, --hosts or --collective mpi", "--staleness", staleness);
    }
    if (!profiles.isEmpty() && isAlone()) {
      throw BadInputException.of(
          "--profiles needs --ranks or --hosts", "--profiles", profiles.size());
    }
    elastic.requirePossible(areListed(), sum == RankSum.ORDERED);
    if (elastic.isPresent() && (!profiles.isEmpty() || staleness().isStale())) {
      throw BadInputException.of(
          "ranks that change can neither lag nor be divided by profiles",
          "--staleness",
          staleness,
          "--profiles",
          profiles.size());
    }
    int size = numListed();
    if (batchSizePerRank.isPresent() && (long) batchSizePerRank.get() * size > MAX_BATCH) {
      throw BadInputException.of(
          "the batch of all ranks must have fewer than 2^31 seeds",
          "--batch-size-per-rank",
          batchSizePerRank.get(),
          "ranks",
          size);
    }
  }

  @Override
  Placement placement() {
    return changes().now();
  }

  @Override
  void placed(Placement now) {
    changes().now(now);
  }

  /** The seeds of a batch of all ranks, if they were given for each rank. */
  public Optional<Integer> batchSize() {
    return batchSizePerRank.map(it -> it * size().orElse(1));
  }

  /** How gradients are added up. */
  public RankSum sum() {
    return sum;
  }

  /**
   * How unequal machines share a batch, if their profiles are given.
   *
   * @param virtualNodes that each batch is divided into, if that is decided
   * @throws BadInputException unless there is a profile for each rank
   */
  public Optional<Balance> balance(int batchSize, Optional<Integer> virtualNodes) {
    if (profiles.isEmpty()) {
      return Optional.empty();
    }
    int size = size().orElse(0);
    if (profiles.size() != size) {
      throw BadInputException.of(
          "each rank needs a profile", "--profiles", profiles.size(), "ranks", size);
    }
    List<RankProfile> read = profiles.stream().map(ProfileFile::read).toList();
    return Optional.of(
        virtualNodes
            .map(number -> Balance.of(batchSize, number, read))
            .orElseGet(() -> Balance.best(batchSize, read)));
  }

  /** By how much the ranks may lag. */
  public Staleness staleness() {
    return new Staleness(staleness, staleRead);
  }
}
