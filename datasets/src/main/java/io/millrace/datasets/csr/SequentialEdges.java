package io.millrace.datasets.csr;

import io.millrace.Internal;

/**
 * A source that can only read on, as most parsers: one thread at a time reads, while the others
 * sort what they have. Behind an error nothing is read any more, so that the error is the one that
 * is reported.
 */
@Internal
public abstract class SequentialEdges implements EdgeSource {
  private boolean over;
  private long position;

  /** Adds edges until the block is full, or fewer at the end. */
  public abstract void fill(EdgeBlock block);

  @Override
  public final synchronized long next(EdgeBlock block) {
    if (over) {
      return END;
    }
    over = true; // unless it comes back with a full block
    fill(block);
    over = !block.isFull();
    long start = position;
    position += block.size();
    return block.size() > 0 ? start : END;
  }
}
