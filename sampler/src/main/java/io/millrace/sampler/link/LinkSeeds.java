package io.millrace.sampler.link;

/**
 * A batch of links: positives, then their negatives. Immutable.
 *
 * <p>A pair is known by where its ends stand in {@link #seeds}, which has repeats; the sampler's
 * {@code seedLocalIds} turns that into local ids. All arrays belong to the record.
 *
 * @param seeds global ids: the positives' sources, their destinations, then further ends of
 *     negatives
 * @param numPositives the first pairs
 * @param src where the source of each pair stands in {@code seeds}, {@code [numPairs]}
 * @param dst where its destination stands there, {@code [numPairs]}
 * @param positive the index of the positive that each pair belongs to, {@code [numPairs]}: its own
 *     for the first ones
 */
public record LinkSeeds(int[] seeds, int numPositives, int[] src, int[] dst, int[] positive) {
  /** Positives and negatives together; a source that is linked to all nodes has no negatives. */
  public int numPairs() {
    return src.length;
  }

  public int numNegatives() {
    return src.length - numPositives;
  }
}
