package io.millrace.bench.explore;

import io.millrace.bench.variant.BatchDigest;
import io.millrace.bench.variant.BatchSampler;
import io.millrace.sampler.draw.BatchRandom;
import java.util.Arrays;

/** What both orders have in common: seeds, hops, and the batch. */
abstract class TemplateSampler implements BatchSampler {
  final Rows rows;
  final LocalIds ids;
  final Draw draw;
  private final int[] fanout;

  private final int[] numDst;
  private final int[][] indptr;
  private final int[][] indices;

  TemplateSampler(Rows rows, LocalIds ids, Draw draw, int[] fanout) {
    this.rows = rows;
    this.ids = ids;
    this.draw = draw;
    this.fanout = fanout;
    numDst = new int[fanout.length];
    indptr = new int[fanout.length][1];
    indices = new int[fanout.length][0];
  }

  @Override
  public final void sample(int[] seeds, long batchSeed) {
    ids.clear();
    for (int seed : seeds) {
      ids.localId(seed);
    }
    for (int hop = 0; hop < fanout.length; hop++) {
      numDst[hop] = ids.size();
      if (indptr[hop].length <= ids.size()) {
        indptr[hop] = new int[2 * ids.size()];
      }
      sampleHop(hop, numDst[hop], fanout[hop], BatchRandom.key(batchSeed, hop + 1));
    }
  }

  /**
   * Samples the neighbours of the first {@code numDst} nodes.
   *
   * @param hop from 0, at the seeds
   */
  abstract void sampleHop(int hop, int numDst, int fanout, long hopKey);

  /** Row bounds of a hop. */
  final int[] indptr(int hop) {
    return indptr[hop];
  }

  /** Local ids of a hop's neighbours, with room for {@code numEdges}. */
  final int[] indices(int hop, int numEdges) {
    if (indices[hop].length < numEdges) {
      indices[hop] = Arrays.copyOf(indices[hop], 2 * numEdges);
    }
    return indices[hop];
  }

  /** How many neighbours a node of this degree gives. */
  static int count(int degree, int fanout) {
    return fanout < 0 ? degree : Math.min(degree, fanout);
  }

  @Override
  public final int numNodes() {
    return ids.size();
  }

  @Override
  public final long numEdges() {
    long edges = 0;
    for (int hop = 0; hop < fanout.length; hop++) {
      edges += indptr[hop][numDst[hop]];
    }
    return edges;
  }

  @Override
  public final long digest() {
    BatchDigest digest = new BatchDigest().add(ids.size()).add(ids.nodes(), ids.size());
    for (int hop = 0; hop < fanout.length; hop++) {
      digest.add(numDst[hop]).add(indptr[hop], numDst[hop] + 1);
      digest.add(indices[hop], indptr[hop][numDst[hop]]);
    }
    return digest.value();
  }
}
