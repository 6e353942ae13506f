package io.millrace.cli.ranks;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.Require;
import io.millrace.cli.command.Termination;
import io.millrace.ranks.mpi.MpiCollective;
import io.millrace.ranks.ring.RingListener;
import io.millrace.ranks.ring.RingSettings;
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
 * The options that say which processes share the work of a command. The next class to read is
 * {@link RankSession}.
 */
@Internal
public class ProcessOptions {
  private static final int MAX_SECRET = 4096;

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
      names = "--rank-timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description =
          "How long a rank may give no sign of life, however busy it is, before the others end"
              + " (default: ${DEFAULT-VALUE}).")
  private int timeout;

  @Mixin private TlsOptions tls;

  @Option(names = LocalRanks.CHILD, hidden = true, description = "A process that --ranks started.")
  private boolean child;

  /** The ranks of an MPI launcher; joined when they are first asked for. */
  private Optional<MpiCollective> mpi = Optional.empty();

  /**
   * How many processes share the training as the options say, if it is to be shared; known before
   * they are joined. It stays the same when ranks change, since batches depend on it.
   */
  public final Optional<Integer> size() {
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

  /**
   * Refuses options that do not belong together.
   *
   * @throws BadInputException if they do not
   */
  void requireFit() {
    ranks.ifPresent(it -> Require.positive("--ranks", it));
    Require.positive("--rank-timeout", timeout);
    if (ranks.isPresent() && !hosts.isEmpty()) {
      throw BadInputException.of(
          "ranks are on this machine or on given ones", "--ranks", ranks.get(), "--hosts", hosts);
    }
    if (hosts.isEmpty() == rank.isPresent() || hosts.isEmpty() == secretFile.isPresent()) {
      throw BadInputException.of(
          "--hosts, --rank and --secret-file belong together", "--hosts", String.join(",", hosts));
    }
    if (isMpi() && areListed()) {
      throw BadInputException.of(
          "the launcher of MPI says which ranks there are",
          "--collective",
          "mpi",
          ranks.isPresent() ? "--ranks" : "--hosts",
          ranks.isPresent() ? ranks.get() : hosts);
    }
    if (tls.isPresent() && hosts.isEmpty()) {
      throw BadInputException.of("--tls-keystore needs --hosts", "--hosts", "none");
    }
    tls.requireFit();
    if (numListed() > RingSettings.MAX_RANKS) {
      throw BadInputException.of(
          "too many ranks", "ranks", numListed(), "max", RingSettings.MAX_RANKS);
    }
  }

  /** Whether the options say which ranks there are. */
  final boolean areListed() {
    return ranks.isPresent() || !hosts.isEmpty();
  }

  /** How many ranks the options list, at least 1. */
  final int numListed() {
    return ranks.orElse(Math.max(1, hosts.size()));
  }

  /** Whether there are no other ranks. */
  final boolean isAlone() {
    return !areListed() && !isMpi();
  }

  final boolean isChild() {
    return child;
  }

  /** Where the ranks are as the options say. */
  final Placement given() {
    return new Placement(hosts.isEmpty() ? ranks.orElse(1) : hosts.size(), rank.orElse(0), hosts);
  }

  /** Where the ranks are now. */
  Placement placement() {
    return given();
  }

  /** A process that was started here has learned where it is. */
  void placed(Placement now) {}

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

  /** How many processes are on this machine, as far as is known. */
  public final int numHere() {
    if (isMpi()) {
      return MpiRank.numHere(mpi());
    }
    return hosts.isEmpty() ? placement().size() : 1;
  }

  /** Whether this process reads, writes and prints. */
  public final boolean isFirst() {
    return isMpi() ? mpi().rank() == 0 : !child && rank.orElse(0) == 0;
  }

  /** Whether another process prints the same, to the same terminal and files. */
  public final boolean isSilent() {
    return isMpi() && !isFirst();
  }

  /**
   * Starts or joins the other ranks; without any, the session has none.
   *
   * @param arguments of the command
   */
  public final RankSession join(List<String> arguments) {
    int size = size().orElse(0);
    if (isMpi()) {
      return new RankSession(Optional.of(mpi()), List.of());
    }
    if (child) {
      RankSession session = ChildRank.join(this::limited);
      session.collective().ifPresent(it -> placed(new Placement(it.size(), it.rank(), List.of())));
      return session;
    }
    Placement now = placement();
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
