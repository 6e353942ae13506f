package io.millrace.bench.explore;

import io.millrace.sampler.draw.BatchRandom;

/** Takes one destination from its row bounds to its neighbours' local ids, then the next. */
final class NodeAtATimeSampler extends TemplateSampler {
  private long[] positions = new long[64];

  NodeAtATimeSampler(Rows rows, LocalIds ids, Draw draw, int[] fanout) {
    super(rows, ids, draw, fanout);
  }

  @Override
  void sampleHop(int hop, int numDst, int fanout, long hopKey) {
    final int[] indptr = indptr(hop);
    int numEdges = 0;
    indptr[0] = 0;
    for (int i = 0; i < numDst; i++) {
      int node = ids.nodes()[i];
      long rowStart = rows.rowStart(node);
      int degree = (int) (rows.rowStart(node + 1) - rowStart);
      int count = count(degree, fanout);
      if (count > positions.length) {
        positions = new long[2 * count];
      }
      draw.draw(BatchRandom.key(hopKey, node), degree, count, rowStart, positions, 0);
      int[] indices = indices(hop, numEdges + count);
      for (int p = 0; p < count; p++) {
        indices[numEdges + p] = ids.localId(rows.neighbor(positions[p]));
      }
      numEdges += count;
      indptr[i + 1] = numEdges;
    }
  }
}
