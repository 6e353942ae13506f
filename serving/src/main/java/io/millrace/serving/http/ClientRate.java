package io.millrace.serving.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.millrace.serving.protocol.RequestException;
import java.net.InetAddress;

/**
 * Limits the requests of each client address: on average so many per second, at once as many as in
 * one second (a token bucket, kept as the time at which it is full again). The addresses seen last
 * are remembered. Thread-safe.
 */
final class ClientRate {
  private static final int ADDRESSES = 100_000;
  private static final long SECOND = 1_000_000_000;

  private final double perSecond;
  private final Cache<InetAddress, Long> fullAt =
      Caffeine.newBuilder().maximumSize(ADDRESSES).executor(Runnable::run).build();

  /**
   * @param perSecond 0 for no limit
   */
  ClientRate(double perSecond) {
    this.perSecond = perSecond;
  }

  /**
   * Counts a request.
   *
   * @param now in nanoseconds
   * @throws RequestException 429 if the client has sent too many
   */
  void require(InetAddress client, long now) {
    if (perSecond == 0) {
      return;
    }
    long takes = (long) (SECOND / perSecond);
    long window = Math.max(SECOND, takes); // a rate below one has room for one request
    boolean[] refused = new boolean[1];
    long full =
        fullAt
            .asMap()
            .compute(
                client,
                (_, before) -> {
                  long next = (before == null ? now : Math.max(before, now)) + takes;
                  refused[0] = next - now > window;
                  return refused[0] ? before : Long.valueOf(next);
                });
    if (refused[0]) {
      throw RequestException.tooMany(perSecond, (full + takes - now - window) / 1e9);
    }
  }
}
