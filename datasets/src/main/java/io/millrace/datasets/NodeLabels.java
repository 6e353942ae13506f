package io.millrace.datasets;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The class of every node: int32 {@code [numNodes]}, 0 to {@code numClasses - 1}, or {@link
 * #UNLABELLED}.
 *
 * <p>Immutable and shared by all threads. It does not own its memory: see {@link GraphDataset}.
 */
public final class NodeLabels {
  /** The label of a node whose class is not known. */
  public static final int UNLABELLED = -1;

  /** More classes than this are taken for a mistake in the data. */
  public static final int MAX_CLASSES = 1 << 20;

  private final int numClasses;
  private final MemorySegment values;

  private NodeLabels(int numClasses, MemorySegment values) {
    this.numClasses = numClasses;
    this.values = values.asReadOnly();
  }

  /** Wraps little-endian int32 {@code [numNodes]} without a copy. */
  public static NodeLabels of(int numClasses, MemorySegment values) {
    if (numClasses < 1 || numClasses > MAX_CLASSES) {
      throw BadInputException.of("need 1 to " + MAX_CLASSES + " classes", "numClasses", numClasses);
    }
    return new NodeLabels(numClasses, values);
  }

  /** As many classes as the largest label says; wrapped without a copy. */
  static NodeLabels of(int... values) {
    return of(Math.max(0, Arrays.stream(values).max().orElse(0)) + 1, values);
  }

  /** Labels on the heap, wrapped without a copy. */
  public static NodeLabels of(int numClasses, int[] values) {
    return of(numClasses, MemorySegment.ofArray(values));
  }

  public int numNodes() {
    return Math.toIntExact(values.byteSize() / Integer.BYTES);
  }

  public int numClasses() {
    return numClasses;
  }

  public int get(int node) {
    return values.getAtIndex(JAVA_INT, node);
  }

  /** Read-only int32 {@code [numNodes]}. */
  public MemorySegment values() {
    return values;
  }
}
