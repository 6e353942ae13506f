package io.millrace.datasets.csr;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.platform.Parallel;
import java.lang.foreign.Arena;
import java.util.Optional;

/**
 * Reads a source to its end. Each thread asks it for a block, applies the {@link EdgeOptions},
 * sorts the block and adds it to the store as a run.
 */
final class RunGenerator {
  private final EdgeSource source;
  private final EdgeOptions options;
  private final int maxNodes;
  private final RunStore store;
  private final SortMemory sizes;
  private final Progress progress;
  private Optional<BadEdge> bad = Optional.empty();
  private int numNodes;
  private long numGiven;

  /**
   * @param maxNodes ids must be below
   */
  RunGenerator(
      EdgeSource source,
      EdgeOptions options,
      int maxNodes,
      RunStore store,
      SortMemory sizes,
      Progress progress) {
    this.source = source;
    this.options = options;
    this.maxNodes = maxNodes;
    this.store = store;
    this.sizes = sizes;
    this.progress = progress;
  }

  /**
   * @throws BadInputException for the first edge with an id out of range
   */
  void run() {
    try (Arena arena = Arena.ofShared()) {
      Parallel.workers(
          sizes.workers(),
          () -> {
            EdgeBuffer buffer =
                new EdgeBuffer(sizes.blockRecords(options), source.columns(), arena);
            return () -> readBlock(buffer);
          });
    }
    bad.ifPresent(this::refuse);
    progress.update(source.stage(), numGiven, numGiven);
  }

  /** The highest id of all, plus 1. */
  int numNodes() {
    return numNodes;
  }

  /** Edges that the source delivered. */
  long numGiven() {
    return numGiven;
  }

  private boolean readBlock(EdgeBuffer buffer) {
    buffer.clear();
    long number = source.next(new EdgeBlock(buffer, sizes.blockEdges()));
    if (number == EdgeSource.END) {
      return false;
    }
    int given = buffer.size();
    int wrong = buffer.expand(options, maxNodes);
    if (wrong < 0) {
      buffer.sort();
      if (options.dropDuplicates()) {
        buffer.dropDuplicates();
      }
      store.add(number, given, buffer, sizes.sampleStep(options));
    }
    return count(buffer, number, given, wrong);
  }

  /** Whether to continue. Blocks before a bad one are in progress already, and are read too. */
  private synchronized boolean count(EdgeBuffer buffer, long number, int given, int wrong) {
    if (wrong >= 0 && (bad.isEmpty() || number < bad.get().block)) {
      bad = Optional.of(new BadEdge(number, wrong, buffer.key(wrong)));
    }
    numNodes = Math.max(numNodes, buffer.maxNode() + 1);
    numGiven += given;
    progress.update(source.stage(), numGiven, source.numEdges());
    return bad.isEmpty();
  }

  private void refuse(BadEdge edge) {
    long before =
        store.runs().stream()
            .filter(run -> run.number() < edge.block)
            .mapToLong(SortedRun::given)
            .sum();
    throw BadInputException.of(
        "edge id out of range",
        "edge",
        before + edge.index,
        "src",
        EdgeList.src(edge.key),
        "dst",
        EdgeList.dst(edge.key),
        "numNodes",
        maxNodes);
  }

  /**
   * @param index its index in the block
   */
  private record BadEdge(long block, int index, long key) {}
}
