package io.millrace.datasets.generator;

import io.millrace.datasets.csr.EdgeList;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/**
 * A random graph of one kind, from which {@link GraphGenerator} draws. Immutable, shared by all
 * threads; all randomness comes from the generator that the caller passes.
 */
interface RandomGraphModel {

  /**
   * Fills a chunk with edges.
   *
   * @param edges 8 bytes each, as {@link EdgeList} packs them
   */
  void drawEdges(SplittableRandom random, MemorySegment edges);

  /** Whether an edge's ends belong together, which its weight and features tell. */
  default boolean isWithin(int src, int dst) {
    return true;
  }

  /** The class of every node, {@code [numNodes]}; called only if there are classes. */
  int[] labels();

  /** Fills the feature row of a node. */
  void drawFeatures(int node, SplittableRandom random, float[] row);
}
