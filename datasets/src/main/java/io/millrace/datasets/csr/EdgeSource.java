package io.millrace.datasets.csr;

import io.millrace.Internal;
import io.millrace.Progress;
import io.millrace.datasets.EdgeColumns;

/**
 * Delivers edges, one block at a time: a parser, a generator or a list.
 *
 * <p>Several threads ask at once, each with a block of its own. In a source that can only read on,
 * one thread reads while the others sort. One that can make any block at any time (a generator, a
 * parser of a file's parts) takes the next number and makes the block without a lock, so that all
 * threads do.
 */
@FunctionalInterface
@Internal
public interface EdgeSource {
  /** What {@link #next} returns at the end. */
  long END = -1;

  /**
   * Fills a block with edges.
   *
   * @param block empty; may be left so
   * @return the block's place in the order of the input: different for every block, and ascending
   *     with the edges' positions; {@link #END}, with the block left empty, if there are no more
   */
  long next(EdgeBlock block);

  /** What is being done while the edges come, for {@link Progress}. */
  default String stage() {
    return "read edges";
  }

  /** How many edges there are, or -1 when that is not known. */
  default long numEdges() {
    return -1;
  }

  /** What the edges carry: the build makes a file of each column. */
  default EdgeColumns columns() {
    return EdgeColumns.NONE;
  }
}
