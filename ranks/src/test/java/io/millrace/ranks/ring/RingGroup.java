package io.millrace.ranks.ring;

import io.millrace.ranks.RankThreads;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Rings of ranks that are threads of a test, on ports of the loopback interface. */
public final class RingGroup {
  static final byte[] SECRET = "a secret of the tests".getBytes(StandardCharsets.UTF_8);

  private RingGroup() {}

  /** With limits that suit tests. */
  public static List<RingCollective> of(int size) {
    return of(size, it -> it);
  }

  static List<RingCollective> of(int size, UnaryOperator<RingSettings> change) {
    List<RingListener> listeners = listeners(size);
    return RankThreads.run(
        IntStream.range(0, size).boxed().toList(),
        rank -> listeners.get(rank).join(change.apply(settings(listeners, rank))));
  }

  static List<RingListener> listeners(int size) {
    List<RingListener> listeners = new ArrayList<>();
    for (int r = 0; r < size; r++) {
      listeners.add(RingListener.bind(loopback()));
    }
    return listeners;
  }

  static RingSettings settings(List<RingListener> listeners, int rank) {
    return RingSettings.of(listeners.stream().map(RingListener::address).toList(), rank, SECRET)
        .withLimits(Duration.ofSeconds(20), Duration.ofSeconds(15), Duration.ofSeconds(20));
  }

  static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }
}
