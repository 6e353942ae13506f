package io.millrace.training.inference;

import io.millrace.BadInputException;
import java.util.stream.IntStream;

/**
 * The nodes divided into runs of the same size, the last one shorter: what is computed, recorded
 * and, after an interruption, skipped as a whole.
 *
 * @param numNodes of the graph
 * @param size nodes of a range
 */
record NodeRanges(int numNodes, int size) {
  NodeRanges {
    if (size < 1) {
      throw BadInputException.of("a range must have nodes", "rangeNodes", size);
    }
  }

  int count() {
    return Math.ceilDiv(numNodes, size);
  }

  int begin(int range) {
    return range * size;
  }

  int end(int range) {
    return (int) Math.min(numNodes, (range + 1L) * size);
  }

  IntStream all() {
    return IntStream.range(0, count());
  }
}
