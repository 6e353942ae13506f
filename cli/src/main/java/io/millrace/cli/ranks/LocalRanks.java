package io.millrace.cli.ranks;

import io.millrace.BadInputException;
import io.millrace.ranks.Collective;
import io.millrace.ranks.ring.RingListener;
import io.millrace.ranks.ring.RingSettings;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Starts the other ranks of a training on this machine, which is rank 0. Stateless. */
final class LocalRanks {
  /** The option that says to a process that it was started here. */
  static final String CHILD = "--child-rank";

  /** Options that are this process's own, with a value each. */
  private static final Set<String> NOT_PASSED_ON = Set.of("--json", "--trace");

  private static final String MAIN = "io.millrace.cli.Millrace";
  private static final int SECRET_BYTES = 32;

  private LocalRanks() {}

  static RankSession start(int size, List<String> arguments, UnaryOperator<RingSettings> limits) {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    List<LocalRank> children = new ArrayList<>();
    RingListener listener =
        RingListener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    try {
      for (int rank = 1; rank < size; rank++) {
        children.add(child(rank, arguments));
        children.getLast().tell(rank + " " + size + " " + HexFormat.of().formatHex(secret));
      }
      List<InetSocketAddress> addresses = new ArrayList<>(List.of(listener.address()));
      children.forEach(it -> addresses.add(it.address()));
      String ports =
          addresses.stream()
              .map(it -> String.valueOf(it.getPort()))
              .collect(Collectors.joining(" "));
      children.forEach(it -> it.tell(ports));
      Collective collective = listener.join(limits.apply(RingSettings.of(addresses, 0, secret)));
      return new RankSession(Optional.of(collective), children);
    } catch (Throwable t) {
      listener.close();
      children.forEach(LocalRank::abandon); // some may wait for the ports
      new RankSession(Optional.empty(), children).close();
      throw t;
    }
  }

  private static LocalRank child(int rank, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse(java()));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    command.addAll(passedOn(arguments));
    command.add(CHILD);
    try {
      return new LocalRank(rank, new ProcessBuilder(command).start());
    } catch (IOException e) {
      throw new BadInputException("a rank cannot be started: rank=" + rank + ", cause=" + e, e);
    }
  }

  private static String java() {
    return System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
  }

  /** The arguments without those options that are only this process's. */
  static List<String> passedOn(List<String> arguments) {
    List<String> passed = new ArrayList<>();
    boolean skip = false;
    for (String argument : arguments) {
      String name = argument.split("=", 2)[0];
      if (skip) {
        skip = false;
      } else if (NOT_PASSED_ON.contains(name)) {
        skip = !argument.contains("=");
      } else if (!argument.equals("--quiet")) {
        passed.add(argument);
      }
    }
    passed.add("--quiet");
    return passed;
  }
}
