package io.millrace.training.inference.chunks;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.util.stream.IntStream;

/**
 * The nodes divided into ranges of the same size, the last one shorter. A range is recorded as
 * done, and skipped after an interruption, as a whole.
 *
 * @param numNodes number of nodes in the graph
 * @param size number of nodes per range
 */
@Internal
public record NodeRanges(int numNodes, int size) {
  public NodeRanges {
    if (size < 1) {
      throw BadInputException.of("a range must have at least one node", "rangeNodes", size);
    }
  }

  public int count() {
    return Math.ceilDiv(numNodes, size);
  }

  public int begin(int range) {
    return range * size;
  }

  public int end(int range) {
    return (int) Math.min(numNodes, (range + 1L) * size);
  }

  public IntStream all() {
    return IntStream.range(0, count());
  }
}
