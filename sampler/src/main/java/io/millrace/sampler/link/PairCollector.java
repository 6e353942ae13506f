package io.millrace.sampler.link;

import java.util.Arrays;

/** Collects the pairs of a batch: the positives, and negatives of each. Used by one thread. */
final class PairCollector {
  private final int numPositives;
  private final int[] seeds;
  private int numSeeds;
  private final int[] src;
  private final int[] dst;
  private final int[] positive;
  private int numPairs;

  /**
   * @param ends of the positives: their sources, then their destinations
   * @param maxNegatives how many negatives may be added
   * @param endsOfNegative how many seeds each of them brings
   */
  PairCollector(int[] ends, int maxNegatives, int endsOfNegative) {
    numPositives = ends.length / 2;
    seeds =
        Arrays.copyOf(
            ends, Math.addExact(ends.length, Math.multiplyExact(endsOfNegative, maxNegatives)));
    numSeeds = ends.length;
    src = new int[Math.addExact(numPositives, maxNegatives)];
    dst = new int[src.length];
    positive = new int[src.length];
    for (int i = 0; i < numPositives; i++) {
      add(i, i, numPositives + i);
    }
  }

  int numPositives() {
    return numPositives;
  }

  /** The node of a seed. */
  int node(int seed) {
    return seeds[seed];
  }

  /** Adds a seed; returns where it stands. */
  int seed(int node) {
    seeds[numSeeds] = node;
    return numSeeds++;
  }

  /** Adds a pair of two seeds. */
  void add(int ofPositive, int srcSeed, int dstSeed) {
    src[numPairs] = srcSeed;
    dst[numPairs] = dstSeed;
    positive[numPairs++] = ofPositive;
  }

  LinkSeeds seeds() {
    return new LinkSeeds(
        Arrays.copyOf(seeds, numSeeds),
        numPositives,
        Arrays.copyOf(src, numPairs),
        Arrays.copyOf(dst, numPairs),
        Arrays.copyOf(positive, numPairs));
  }
}
