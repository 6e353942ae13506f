package io.millrace.cli.ranks;

import io.millrace.BadInputException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/** Lists of {@code HOST:PORT}. Stateless. */
final class Hosts {
  private Hosts() {}

  /**
   * @param option that gives the list, for messages
   * @throws BadInputException if an entry is not an address, or stands there twice
   */
  static List<String> parse(String option, String text) {
    List<String> hosts = Arrays.stream(text.split("[,\\s]+")).filter(it -> !it.isEmpty()).toList();
    hosts.forEach(it -> address(option, it));
    if (new HashSet<>(hosts).size() < hosts.size()) {
      throw BadInputException.of("a host stands twice in the list", option, hosts);
    }
    return hosts;
  }

  static InetSocketAddress address(String option, String text) {
    int colon = text.lastIndexOf(':');
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (colon > 0 && port > 0) {
        return new InetSocketAddress(text.substring(0, colon), port);
      }
    } catch (IllegalArgumentException e) {
      // reported below
    }
    throw BadInputException.of("a host is HOST:PORT", option, text);
  }
}
