package io.millrace.bench.explore;

import io.millrace.sampler.draw.BatchRandom;

/**
 * Takes a chunk of destinations through one step before the next, a loop each, so that the cache
 * misses of a step overlap: row bounds, draws, neighbours, local ids.
 */
final class PhasedSampler extends TemplateSampler {
  private static final int CHUNK_NODES = 512;

  private final long[] rowStarts = new long[CHUNK_NODES];
  private final int[] degrees = new int[CHUNK_NODES];
  private long[] positions = new long[1 << 13];
  private int[] neighbors = new int[1 << 13];

  PhasedSampler(Rows rows, LocalIds ids, Draw draw, int[] fanout) {
    super(rows, ids, draw, fanout);
  }

  @Override
  void sampleHop(int hop, int numDst, int fanout, long hopKey) {
    indptr(hop)[0] = 0;
    int numEdges = 0;
    for (int begin = 0; begin < numDst; begin += CHUNK_NODES) {
      int end = Math.min(numDst, begin + CHUNK_NODES);
      readRowBounds(begin, end, fanout);
      int chunkEdges = drawPositions(begin, end, fanout, hopKey, numEdges, indptr(hop));
      readNeighbors(chunkEdges);
      int[] indices = indices(hop, numEdges + chunkEdges);
      ids.assign(neighbors, chunkEdges, indices, numEdges);
      numEdges += chunkEdges;
    }
  }

  private void readRowBounds(int begin, int end, int fanout) {
    final int[] nodes = ids.nodes();
    final Rows rows = this.rows;
    int chunkEdges = 0;
    for (int i = begin; i < end; i++) {
      long rowStart = rows.rowStart(nodes[i]);
      int degree = (int) (rows.rowStart(nodes[i] + 1) - rowStart);
      rowStarts[i - begin] = rowStart;
      degrees[i - begin] = degree;
      chunkEdges += count(degree, fanout);
    }
    if (chunkEdges > positions.length) {
      positions = new long[2 * chunkEdges];
      neighbors = new int[2 * chunkEdges];
    }
  }

  private int drawPositions(
      int begin, int end, int fanout, long hopKey, int numEdges, int[] indptr) {
    final int[] nodes = ids.nodes();
    final long[] positions = this.positions;
    int used = 0;
    for (int i = begin; i < end; i++) {
      int degree = degrees[i - begin];
      int count = count(degree, fanout);
      long key = BatchRandom.key(hopKey, nodes[i]);
      draw.draw(key, degree, count, rowStarts[i - begin], positions, used);
      used += count;
      indptr[i + 1] = numEdges + used;
    }
    return used;
  }

  private void readNeighbors(int count) {
    final Rows rows = this.rows;
    final long[] positions = this.positions;
    final int[] neighbors = this.neighbors;
    for (int i = 0; i < count; i++) {
      neighbors[i] = rows.neighbor(positions[i]);
    }
  }
}
