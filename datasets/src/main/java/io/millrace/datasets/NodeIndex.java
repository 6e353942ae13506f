package io.millrace.datasets;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.platform.Checksums;
import io.millrace.datasets.platform.IoErrors;
import io.millrace.datasets.platform.Parallel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;

/**
 * External id -> node id, persisted as a chronicle-map. Written once, then only read; the file does
 * not change by that. A key is the id's bytes, see {@link NodeDictionary}.
 *
 * <p>The one class that uses chronicle-map, which needs JVM flags ({@code build/jvm.flags}) and a
 * full JDK, because it compiles classes when it starts. Lookups are thread-safe; the owner closes
 * it.
 */
final class NodeIndex implements AutoCloseable {
  /** The result of {@link #node} for an unknown name. */
  static final int UNKNOWN = -1;

  /** Nodes per task. */
  static final int STEP = 1 << 14;

  static {
    // No analytics and no banner.
    System.setProperty("chronicle.analytics.disable", "true");
    System.setProperty("chronicle.announcer.disable", "true");
  }

  private final ChronicleMap<byte[], Integer> nodes;

  private NodeIndex(ChronicleMap<byte[], Integer> nodes) {
    this.nodes = nodes;
  }

  /**
   * Creates the file, on all cores.
   *
   * @param keyOf the key of each node
   * @param keyBytes bytes of all keys together
   */
  static void create(
      Path file, int numNodes, IntFunction<byte[]> keyOf, long keyBytes, Progress progress) {
    progress.update("write dictionary", 0, numNodes); // opening it takes seconds
    double meanBytes = Math.max(1, (double) keyBytes / numNodes);
    try (ChronicleMap<byte[], Integer> nodes = open(file, numNodes, meanBytes)) {
      AtomicInteger done = new AtomicInteger();
      Parallel.ranges(
          numNodes,
          STEP,
          (from, to) -> {
            for (int node = (int) from; node < to; node++) {
              nodes.put(keyOf.apply(node), node);
            }
            synchronized (done) {
              progress.update("write dictionary", done.addAndGet((int) (to - from)), numNodes);
            }
          });
    }
  }

  /**
   * @param sha256 the file's checksum: the map trusts its bytes, and damaged ones may lead to other
   *     nodes, or to none
   */
  static NodeIndex open(Path file, String sha256) {
    Checksums.require(file, Checksums.sha256Hex(file), sha256);
    return new NodeIndex(open(file, 1, 1)); // sizes are those in the file
  }

  private static ChronicleMap<byte[], Integer> open(Path file, int numNodes, double keyBytes) {
    try {
      return ChronicleMapBuilder.of(byte[].class, Integer.class)
          .name("nodes")
          .entries(numNodes)
          .averageKeySize(keyBytes)
          .createPersistedTo(file.toFile());
    } catch (IOException e) {
      throw IoErrors.cannotRead(file, e);
    } catch (LinkageError | RuntimeException e) {
      throw new BadInputException(
          "dictionary cannot be used: it needs a full JDK and the flags in build/jvm.flags: file="
              + file
              + ", cause="
              + e.getClass().getSimpleName(),
          e);
    }
  }

  /** The node, or {@link #UNKNOWN}. */
  int node(byte[] key) {
    Integer node = nodes.get(key);
    return node == null ? UNKNOWN : node;
  }

  @Override
  public void close() {
    nodes.close();
  }
}
