package io.millrace.ranks.ring;

import io.millrace.BadInputException;
import io.millrace.Require;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Who the ranks of a ring are, and how long they wait for each other. Immutable.
 *
 * @param addresses where the ranks listen, rank 0 first
 * @param rank this one
 * @param secret the same on all ranks: each proves to its neighbours that it knows it, without
 *     sending it
 * @param tls encrypts the connections; both ends of each show a certificate that the other trusts
 * @param joinLimit how long a rank waits for its neighbours at the beginning
 * @param silenceLimit after which time without any sign of life a neighbour counts as dead
 * @param operationLimit after which time in one operation a neighbour counts as stuck, though it
 *     lives
 */
public record RingSettings(
    List<InetSocketAddress> addresses,
    int rank,
    Secret secret,
    Optional<SSLContext> tls,
    Duration joinLimit,
    Duration silenceLimit,
    Duration operationLimit) {
  /** The most ranks of a ring. */
  public static final int MAX_RANKS = 1024;

  /** How long an operation waits by default for a rank that lives. */
  public static final Duration OPERATION_LIMIT = Duration.ofMinutes(30);

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  /** A secret that is not shown when settings are. */
  public static final class Secret {
    private final byte[] bytes;

    /**
     * @throws BadInputException if it is shorter than 16 bytes
     */
    public Secret(byte[] bytes) {
      if (bytes.length < 16) {
        throw BadInputException.of(
            "the secret of the ranks must have at least 16 bytes", "bytes", bytes.length);
      }
      this.bytes = bytes.clone();
    }

    byte[] bytes() {
      return bytes;
    }

    @Override
    public String toString() {
      return "Secret[...]";
    }
  }

  /**
   * @throws BadInputException if the rank has no address, or a limit is not positive
   */
  public RingSettings {
    addresses = List.copyOf(addresses);
    if (rank < 0 || rank >= addresses.size() || addresses.size() > MAX_RANKS) {
      throw BadInputException.of(
          "each rank needs an address", "rank", rank, "ranks", addresses.size(), "max", MAX_RANKS);
    }
    requirePositive("joinLimit", joinLimit);
    requirePositive("silenceLimit", silenceLimit);
    requirePositive("operationLimit", operationLimit);
  }

  /** Without TLS; a minute to join, 30 seconds of silence, half an hour in an operation. */
  public static RingSettings of(List<InetSocketAddress> addresses, int rank, byte[] secret) {
    return new RingSettings(
        addresses,
        rank,
        new Secret(secret),
        Optional.empty(),
        Duration.ofMinutes(1),
        Duration.ofSeconds(30),
        OPERATION_LIMIT);
  }

  /** The same with encrypted connections. */
  public RingSettings withTls(SSLContext context) {
    return new RingSettings(
        addresses, rank, secret, Optional.of(context), joinLimit, silenceLimit, operationLimit);
  }

  /** The same with other limits. */
  public RingSettings withLimits(Duration join, Duration silence, Duration operation) {
    return new RingSettings(addresses, rank, secret, tls, join, silence, operation);
  }

  /** The number of ranks. */
  public int size() {
    return addresses.size();
  }

  RingPlace place() {
    return new RingPlace(rank, size(), silenceLimit, operationLimit, CLOSE_LIMIT);
  }

  int next() {
    return place().next();
  }

  int previous() {
    return place().previous();
  }

  private static void requirePositive(String name, Duration limit) {
    Require.positive(name, limit.toNanos() / 1e9);
  }
}
