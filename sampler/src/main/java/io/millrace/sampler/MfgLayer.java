package io.millrace.sampler;

import java.util.Arrays;

/**
 * One hop of a batch: a bipartite graph from source to destination nodes, in CSR form over local
 * ids (a "block" of DGL, a "message-flow graph" of SALIENT).
 *
 * <p>Destination {@code i} aggregates from the sources {@code indices[indptr[i] .. indptr[i + 1])}.
 * The destinations are the first {@code numDst} of the {@code numSrc} sources. The arrays belong to
 * the sampler, may be longer than their used part, and are valid until its next call.
 */
public final class MfgLayer {
  /** The longest array that every JVM allocates. */
  private static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

  private int numDst;
  private int numSrc;
  private int[] indptr = new int[1];
  private int[] indices = {};
  private long[] positions = {};
  private float[] scale = {};
  private boolean hasPositions;
  private boolean hasScale;

  MfgLayer() {}

  public int numDst() {
    return numDst;
  }

  public int numSrc() {
    return numSrc;
  }

  public int numEdges() {
    return indptr[numDst];
  }

  /** Row bounds; entries up to and including {@code numDst} are used. */
  public int[] indptr() {
    return indptr;
  }

  /** Local ids of sources; the first {@code numEdges} are used. */
  public int[] indices() {
    return indices;
  }

  /** Whether there are {@link #positions}. */
  public boolean hasPositions() {
    return hasPositions;
  }

  /**
   * Where each edge lies in the {@code indices} of the graph, in the order of {@link #indices}; the
   * first {@code numEdges} are used. Its id, weight, time and features lie at the same position of
   * {@link io.millrace.datasets.EdgeAttributes}.
   *
   * @throws IllegalStateException if the sampler was not asked for them, see {@link
   *     SamplerBuilder#edgePositions}
   */
  public long[] positions() {
    return require(hasPositions, positions, "positions");
  }

  /** Whether there is a {@link #scale}. */
  public boolean hasScale() {
    return hasScale;
  }

  /**
   * The factor of each edge that makes the sum over a row's drawn edges an estimate of the sum over
   * the whole row, weights included; in the order of {@link #indices}.
   *
   * @throws IllegalStateException if the draw has none, see {@link
   *     io.millrace.sampler.draw.Draw#hasScale}
   */
  public float[] scale() {
    return require(hasScale, scale, "scale");
  }

  private static <T> T require(boolean exists, T array, String name) {
    if (!exists) {
      throw new IllegalStateException("the sampler was not asked for " + name);
    }
    return array;
  }

  /**
   * Starts a layer without edges.
   *
   * @param withPositions whether each edge will have a position
   * @param withScale whether each edge will have a scale
   */
  void begin(int numDst, boolean withPositions, boolean withScale) {
    this.numDst = numDst;
    hasPositions = withPositions;
    hasScale = withScale;
    if (indptr.length <= numDst) {
      indptr = new int[grown(numDst + 1L)];
    }
  }

  /** Makes room for {@code numEdges} edges in total and keeps the existing ones. */
  int[] ensureEdges(int numEdges) {
    if (numEdges > indices.length) {
      indices = Arrays.copyOf(indices, grown(numEdges));
    }
    return indices;
  }

  /** As {@link #ensureEdges}, for positions. */
  long[] ensurePositions(int numEdges) {
    if (numEdges > positions.length) {
      positions = Arrays.copyOf(positions, grown(numEdges));
    }
    return positions;
  }

  /** As {@link #ensureEdges}, for the scale. */
  float[] ensureScale(int numEdges) {
    if (numEdges > scale.length) {
      scale = Arrays.copyOf(scale, grown(numEdges));
    }
    return scale;
  }

  /** Returns the number as an int if a layer can have that many edges. */
  static int requireEdges(long numEdges) {
    if (numEdges > MAX_LENGTH) {
      throw new IllegalStateException("a layer holds fewer than 2^31 edges: numEdges=" + numEdges);
    }
    return (int) numEdges;
  }

  void end(int numSrc) {
    this.numSrc = numSrc;
  }

  private static int grown(long needed) {
    return (int) Math.min(needed + (needed >> 1) + 16, MAX_LENGTH);
  }
}
