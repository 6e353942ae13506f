package io.millrace.cli.ranks;

import io.millrace.ranks.Collective;
import io.millrace.ranks.ring.RingListener;
import io.millrace.ranks.ring.RingSettings;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What a process does that {@link LocalRanks} has started. Stateless. */
final class ChildRank {
  private static final int ORPHANED = 1;

  private ChildRank() {}

  /** Learns from the parent which rank it is, and ends when the parent does. */
  static RankSession join(UnaryOperator<RingSettings> limits) {
    BufferedReader parent =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    String[] own = line(parent).split(" ");
    int rank = Integer.parseInt(own[0]);
    byte[] secret = HexFormat.of().parseHex(own[2]);
    RingListener listener =
        RingListener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    System.out.println(LocalRank.PORT + listener.address().getPort());
    System.out.flush();
    List<InetSocketAddress> addresses =
        Arrays.stream(line(parent).split(" "))
            .map(
                port ->
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port)))
            .toList();
    Thread.ofPlatform().daemon().name("millrace-lifeline").start(() -> endWith(parent));
    Collective collective = listener.join(limits.apply(RingSettings.of(addresses, rank, secret)));
    return new RankSession(Optional.of(collective), List.of());
  }

  private static String line(BufferedReader parent) {
    try {
      String line = parent.readLine();
      if (line == null) {
        throw new EOFException("the process that has started this rank has ended");
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void endWith(BufferedReader parent) {
    try {
      while (parent.readLine() != null) {
        // nothing more is said
      }
    } catch (IOException e) {
      // the same as its end
    }
    Runtime.getRuntime().halt(ORPHANED);
  }
}
