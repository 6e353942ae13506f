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

  /** Starts a layer without edges. */
  void begin(int numDst) {
    this.numDst = numDst;
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
