package io.millrace.training.inference;

import io.millrace.BadInputException;
import java.util.stream.IntStream;

/**
 * The nodes divided into runs of the same size, the last one shorter: what is computed, recorded
 * and, after an interruption, skipped as a whole.
 *
 * @param numNodes of the graph
 * @param size nodes of a shard
 */
record NodeRanges(int numNodes, int size) {
  NodeRanges {
    if (size < 1) {
      throw BadInputException.of("a shard must have nodes", "shardNodes", size);
    }
  }

  int count() {
    return Math.ceilDiv(numNodes, size);
  }

  int begin(int shard) {
    return shard * size;
  }

  int end(int shard) {
    return (int) Math.min(numNodes, (shard + 1L) * size);
  }

  IntStream all() {
    return IntStream.range(0, count());
  }
}
