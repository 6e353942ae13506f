package io.millrace.cli.ranks;

import io.millrace.ranks.Collective;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;

/** What a rank of MPI knows of the machines. Stateless. */
final class MpiRank {
  private MpiRank() {}

  /** How many ranks are on this machine; all ranks call it together. */
  static int numHere(Collective ranks) {
    String own = host();
    return (int)
        ranks.allGather(own.getBytes(StandardCharsets.UTF_8)).stream()
            .filter(it -> new String(it, StandardCharsets.UTF_8).equals(own))
            .count();
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown"; // then all that are so count as one machine
    }
  }
}
