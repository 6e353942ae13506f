package io.millrace.ranks;

import io.millrace.ranks.mpi.MpiCollective;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What a rank does that {@link MpiCollectiveTest} lets a launcher start. */
public final class MpiProgram {
  private static final Duration SILENCE = Duration.ofSeconds(3);
  private static final Duration OPERATION = Duration.ofSeconds(30);
  private static final int FLOATS = 270_001;
  private static final int FAILING_STEP = 17;

  private MpiProgram() {}

  public static void main(String[] arguments) {
    int exitCode = 0;
    try (MpiCollective ranks = MpiCollective.join(SILENCE, OPERATION)) {
      try {
        run(arguments[0], ranks);
        System.out.println("rank " + ranks.rank() + " of " + ranks.size() + " is done");
      } catch (Throwable t) {
        ranks.fail(t);
        System.out.println("rank " + ranks.rank() + " ends: " + t.getMessage());
        exitCode = 1;
      }
    }
    System.exit(exitCode);
  }

  private static void run(String scenario, MpiCollective ranks) throws Exception {
    switch (scenario) {
      case "operations" -> operations(ranks);
      case "exception" ->
          failAt(
              ranks,
              () -> {
                throw new IllegalStateException("disk\nis full");
              });
      case "kill" -> failAt(ranks, () -> signal("KILL"));
      case "stop" -> failAt(ranks, () -> signal("STOP"));
      case "elsewhere" -> {
        ranks.step(ranks.rank());
        ranks.barrier(OPERATION);
      }
      default -> throw new IllegalArgumentException(scenario);
    }
  }

  private interface Fault {
    void happen() throws Exception;
  }

  /** Rank 1 fails at a step, where the others wait for it. */
  private static void failAt(MpiCollective ranks, Fault fault) throws Exception {
    for (int step = 0; step < 100; step++) {
      ranks.step(step);
      if (ranks.rank() == 1 && step == FAILING_STEP) {
        fault.happen();
      }
      ranks.allGather(new byte[1000]);
    }
  }

  private static void signal(String name) throws Exception {
    long pid = ProcessHandle.current().pid();
    new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start().waitFor();
    Thread.sleep(60_000);
  }

  private static void operations(MpiCollective ranks) {
    int size = ranks.size();
    float[][] parts = CollectiveContract.parts(FLOATS);
    int[] counts = IntStream.range(0, size).map(r -> r == 0 ? 8 - (size - 1) : 1).toArray();
    float[] fold =
        CollectiveContract.fold(
            ranks, CollectiveContract.ownParts(parts, counts, ranks.rank()), FLOATS);
    require(Arrays.equals(fold, CollectiveContract.leftToRight(parts)), "fold");
    float[] sum = CollectiveContract.sum(ranks, parts[ranks.rank()]);
    byte[] hash = {(byte) Arrays.hashCode(sum)};
    for (byte[] other : ranks.allGather(hash)) {
      require(Arrays.equals(hash, other), "sum");
    }
    for (int root = 0; root < size; root++) {
      byte[] value = ranks.broadcast(CollectiveContract.value(ranks.rank()), root);
      require(Arrays.equals(CollectiveContract.value(root), value), "broadcast");
    }
    List<byte[]> all = ranks.allGather(CollectiveContract.value(ranks.rank()));
    for (int r = 0; r < size; r++) {
      require(Arrays.equals(CollectiveContract.value(r), all.get(r)), "gather");
    }
    for (int step = 0; step < 50; step++) {
      ranks.step(step);
      ranks.barrier(OPERATION);
    }
  }

  private static void require(boolean isSo, String operation) {
    if (!isSo) {
      throw new IllegalStateException("wrong result: " + operation);
    }
  }
}
