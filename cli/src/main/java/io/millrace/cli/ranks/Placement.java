package io.millrace.cli.ranks;

import io.millrace.BadInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the ranks of a training are at a time, and which of them this process is. Immutable.
 *
 * @param hosts where they listen, rank 0 first; none if all are on this machine
 */
record Placement(int size, int rank, List<String> hosts) {
  private static final String OPTION = "--resize-file";

  /** The others, when a rank other than this one has failed. */
  Placement without(int failed) {
    List<String> left = new ArrayList<>(hosts);
    if (!left.isEmpty()) {
      left.remove(failed);
    }
    return new Placement(size - 1, rank > failed ? rank - 1 : rank, left);
  }

  /**
   * What the user asks for, in the words that all ranks are given; empty if it is what there is.
   *
   * @param text a number of ranks, or a list of hosts
   * @param max the most ranks
   * @throws BadInputException if it cannot be
   */
  Optional<String> request(String text, int max) {
    List<String> list = hosts.isEmpty() ? List.of() : Hosts.parse(OPTION, text);
    int wanted = hosts.isEmpty() ? number(text) : list.size();
    if (wanted < 1 || wanted > max) {
      throw BadInputException.of(
          "each rank needs a virtual node", "ranks", wanted, "virtualNodes", max);
    }
    if (hosts.isEmpty()) {
      return wanted == size ? Optional.empty() : Optional.of(String.valueOf(wanted));
    }
    if (!list.getFirst().equals(hosts.getFirst())) {
      throw BadInputException.of(
          "rank 0 stays, because it has the checkpoint",
          "rank 0",
          hosts.getFirst(),
          "found",
          list.getFirst());
    }
    return list.equals(hosts) ? Optional.empty() : Optional.of(String.join(",", list));
  }

  /** Where the ranks are when they follow a request; empty if this process is none of them. */
  Optional<Placement> after(String request) {
    if (hosts.isEmpty()) {
      return Optional.of(new Placement(number(request), rank, hosts));
    }
    List<String> list = Hosts.parse(OPTION, request);
    int own = list.indexOf(hosts.get(rank));
    return own < 0 ? Optional.empty() : Optional.of(new Placement(list.size(), own, list));
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw BadInputException.of("the number of ranks is no number", OPTION, text);
    }
  }
}
