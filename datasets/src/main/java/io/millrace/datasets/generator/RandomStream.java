package io.millrace.datasets.generator;

import io.millrace.SplitMix64;
import java.util.SplittableRandom;

/**
 * The purposes of random numbers. Each purpose has its own generators, one per chunk of work, so
 * that results depend neither on the order in which threads take the chunks nor on what else is
 * drawn.
 */
enum RandomStream {
  NODES,
  EDGES,
  FEATURES,
  SPLIT,
  EDGE_ATTRIBUTES;

  /** The generator of chunk number {@code chunk}. */
  SplittableRandom chunk(long seed, long chunk) {
    long key = SplitMix64.first(SplitMix64.first(seed) ^ (ordinal() + 1));
    return new SplittableRandom(SplitMix64.first(key ^ chunk));
  }
}
