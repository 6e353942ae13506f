package io.millrace.cli.ranks;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.Require;
import io.millrace.cli.command.Termination;
import io.millrace.ranks.RankSum;
import io.millrace.ranks.mpi.MpiCollective;
import io.millrace.ranks.params.Staleness;
import io.millrace.ranks.ring.RingListener;
import io.millrace.ranks.ring.RingSettings;
import io.millrace.tuning.balance.Balance;
import io.millrace.tuning.balance.RankProfile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The options that say which processes share a training. The next class to read is {@link
 * RankSession}.
 */
@Internal
public final class RankOptions {
  private static final int MAX_SECRET = 4096;
  private static final int MAX_BATCH = Integer.MAX_VALUE;

  @Option(
      names = "--ranks",
      paramLabel = "N",
      description =
          "Share the training among N processes on this machine, which deal the virtual nodes among"
              + " them (default of --virtual-nodes: N). The result is that of one process.")
  private Optional<Integer> ranks = Optional.empty();

  @Option(
      names = "--hosts",
      paramLabel = "HOST:PORT,...",
      split = ",",
      description =
          "Share the training with processes on other machines, where they listen, rank 0 first;"
              + " start the same command on each, with its --rank.")
  private List<String> hosts = List.of();

  @Option(
      names = "--rank",
      paramLabel = "R",
      description = "Which of --hosts this process is, from 0.")
  private Optional<Integer> rank = Optional.empty();

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description = "With --hosts: a file of at least 16 bytes, the same on all machines.")
  private Optional<Path> secretFile = Optional.empty();

  @Option(
      names = "--collective",
      paramLabel = "tcp|mpi",
      defaultValue = "tcp",
      description =
          "How ranks reach each other: over TCP, or by MPI, for ranks that its launcher starts, as"
              + " in mpirun -np 4 --bind-to none millrace train DATASET --collective mpi (default:"
              + " ${DEFAULT-VALUE}).")
  private CollectiveKind collective;

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
      names = "--rank-timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description =
          "How long a rank may give no sign of life, however busy it is, before the others end"
              + " (default: ${DEFAULT-VALUE}).")
  private int timeout;

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

  @Mixin private TlsOptions tls;

  @Mixin private ElasticOptions elastic;

  @Option(names = LocalRanks.CHILD, hidden = true, description = "A process that --ranks started.")
  private boolean child;

  /** The ranks of an MPI launcher; joined when they are first asked for. */
  private Optional<MpiCollective> mpi = Optional.empty();

  /** How the ranks change while the training runs. */
  private Optional<RankChanges> changes = Optional.empty();

  /** Which ranks there are now, and how they change. */
  public RankChanges changes() {
    if (changes.isEmpty()) {
      int size = hosts.isEmpty() ? ranks.orElse(1) : hosts.size();
      changes =
          Optional.of(new RankChanges(new Placement(size, rank.orElse(0), hosts), elastic, child));
    }
    return changes.get();
  }

  /**
   * How many processes share the training as the options say, if it is to be shared; known before
   * they are joined. It stays the same when ranks change, since batches depend on it.
   */
  public Optional<Integer> size() {
    requireFit();
    if (isMpi()) {
      return Optional.of(mpi().size());
    }
    return hosts.isEmpty() ? ranks : Optional.of(hosts.size());
  }

  private boolean isMpi() {
    return collective == CollectiveKind.MPI;
  }

  private MpiCollective mpi() {
    if (mpi.isEmpty()) {
      requireFit();
      MpiCollective joined =
          MpiCollective.join(Duration.ofSeconds(timeout), RingSettings.OPERATION_LIMIT);
      Termination.place(() -> "rank=" + joined.rank() + ", step=" + joined.step());
      mpi = Optional.of(joined);
    }
    return mpi.get();
  }

  private void requireFit() {
    ranks.ifPresent(it -> Require.positive("--ranks", it));
    Require.positive("--rank-timeout", timeout);
    batchSizePerRank.ifPresent(it -> Require.positive("--batch-size-per-rank", it));
    if (ranks.isPresent() && !hosts.isEmpty()) {
      throw BadInputException.of(
          "ranks are on this machine or on given ones", "--ranks", ranks.get(), "--hosts", hosts);
    }
    if (hosts.isEmpty() == rank.isPresent() || hosts.isEmpty() == secretFile.isPresent()) {
      throw BadInputException.of(
          "--hosts, --rank and --secret-file belong together", "--hosts", String.join(",", hosts));
    }
    if (isMpi() && (ranks.isPresent() || !hosts.isEmpty())) {
      throw BadInputException.of(
          "the launcher of MPI says which ranks there are",
          "--collective",
          "mpi",
          ranks.isPresent() ? "--ranks" : "--hosts",
          ranks.isPresent() ? ranks.get() : hosts);
    }
    if (batchSizePerRank.isPresent() && ranks.isEmpty() && hosts.isEmpty() && !isMpi()) {
      throw BadInputException.of(
          "--batch-size-per-rank needs --ranks, --hosts or --collective mpi",
          "--batch-size-per-rank",
          batchSizePerRank.get());
    }
    boolean alone = ranks.isEmpty() && hosts.isEmpty() && !isMpi();
    if (staleness().isStale() && alone) {
      throw BadInputException.of("--staleness needs --ranks or --hosts", "--staleness", staleness);
    }
    if (!profiles.isEmpty() && alone) {
      throw BadInputException.of(
          "--profiles needs --ranks or --hosts", "--profiles", profiles.size());
    }
    if (tls.isPresent() && hosts.isEmpty()) {
      throw BadInputException.of("--tls-keystore needs --hosts", "--hosts", "none");
    }
    tls.requireFit();
    elastic.requirePossible(ranks.isPresent() || !hosts.isEmpty(), sum == RankSum.ORDERED);
    if (elastic.isPresent() && (!profiles.isEmpty() || staleness().isStale())) {
      throw BadInputException.of(
          "ranks that change can neither lag nor be divided by profiles",
          "--staleness",
          staleness,
          "--profiles",
          profiles.size());
    }
    int size = ranks.orElse(Math.max(1, hosts.size()));
    if (size > RingSettings.MAX_RANKS) {
      throw BadInputException.of("too many ranks", "ranks", size, "max", RingSettings.MAX_RANKS);
    }
    if (batchSizePerRank.isPresent() && (long) batchSizePerRank.get() * size > MAX_BATCH) {
      throw BadInputException.of(
          "the batch of all ranks must have fewer than 2^31 seeds",
          "--batch-size-per-rank",
          batchSizePerRank.get(),
          "ranks",
          size);
    }
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

  /**
   * The address of this machine for other ranks.
   *
   * @throws BadInputException if it is not known
   */
  InetAddress here() {
    if (ranks.isPresent()) {
      return InetAddress.getLoopbackAddress();
    }
    try {
      return hosts.isEmpty()
          ? InetAddress.getLocalHost()
          : InetAddress.getByName(Hosts.address("--hosts", hosts.get(rank.get())).getHostString());
    } catch (UnknownHostException e) {
      throw new BadInputException("the address of this machine is not known: cause=" + e, e);
    }
  }

  /** What connections are encrypted with, if they are. */
  Optional<SSLContext> tls() {
    return tls.context();
  }

  /** How long to wait for a sign of life. */
  Duration timeout() {
    return Duration.ofSeconds(timeout);
  }

  /** By how much the ranks may lag. */
  public Staleness staleness() {
    return new Staleness(staleness, staleRead);
  }

  /** How many processes are on this machine, as far as is known. */
  public int numHere() {
    if (isMpi()) {
      return MpiRank.numHere(mpi());
    }
    return hosts.isEmpty() ? changes().now().size() : 1;
  }

  /** Whether this process reads, writes and prints. */
  public boolean isFirst() {
    return isMpi() ? mpi().rank() == 0 : !child && rank.orElse(0) == 0;
  }

  /** Whether another process prints the same, to the same terminal and files. */
  public boolean isSilent() {
    return isMpi() && !isFirst();
  }

  /**
   * Starts or joins the other ranks; without any, the session has none.
   *
   * @param arguments of the command
   */
  public RankSession join(List<String> arguments) {
    int size = size().orElse(0);
    if (isMpi()) {
      return new RankSession(Optional.of(mpi()), List.of());
    }
    if (child) {
      RankSession session = ChildRank.join(this::limited);
      session
          .collective()
          .ifPresent(it -> changes().now(new Placement(it.size(), it.rank(), List.of())));
      return session;
    }
    Placement now = changes().now();
    if (now.hosts().isEmpty()) {
      return size == 0 ? RankSession.ALONE : LocalRanks.start(now.size(), arguments, this::limited);
    }
    List<InetSocketAddress> addresses =
        now.hosts().stream().map(it -> Hosts.address("--hosts", it)).toList();
    RingSettings settings =
        limited(RingSettings.of(addresses, now.rank(), secret(secretFile.get())));
    RingSettings secured = tls().map(settings::withTls).orElse(settings);
    return new RankSession(
        Optional.of(RingListener.bind(addresses.get(now.rank())).join(secured)), List.of());
  }

  private RingSettings limited(RingSettings settings) {
    return settings.withLimits(
        settings.joinLimit(), Duration.ofSeconds(timeout), settings.operationLimit());
  }

  private static byte[] secret(Path file) {
    try {
      if (Files.size(file) > MAX_SECRET) {
        throw BadInputException.of("the secret is too long", "--secret-file", file);
      }
      byte[] bytes = Files.readAllBytes(file);
      String text = new String(bytes, StandardCharsets.ISO_8859_1).stripTrailing();
      return Arrays.copyOf(bytes, text.length());
    } catch (IOException e) {
      throw new BadInputException(
          "the secret cannot be read: --secret-file=" + file + ", cause=" + e, e);
    }
  }
}
