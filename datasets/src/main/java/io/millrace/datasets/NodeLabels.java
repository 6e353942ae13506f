package io.millrace.datasets;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * The labels of all nodes, in one of two forms.
 *
 * <pre>
 *   one class per node      int32 [numNodes]               0 to numClasses - 1, or -1
 *   several labels per node int8   [numNodes x numClasses]  1: has the label, 0: does not have it, or -1
 * </pre>
 *
 * <p>-1 is {@link #UNLABELLED}: not known. Classes may have names. Immutable and shared by all
 * threads. It does not own its memory: see {@link GraphDataset}.
 */
public final class NodeLabels {
  /** The label of a node whose class is not known. */
  public static final int UNLABELLED = -1;

  /** The most classes; more are taken for a mistake in the data. */
  public static final int MAX_CLASSES = 1 << 20;

  private final int numClasses;
  private final boolean multiLabel;
  private final MemorySegment values;
  private final List<String> classNames;

  private NodeLabels(
      int numClasses, boolean multiLabel, MemorySegment values, List<String> classNames) {
    if (numClasses < 1 || numClasses > MAX_CLASSES) {
      throw BadInputException.of("need 1 to " + MAX_CLASSES + " classes", "numClasses", numClasses);
    }
    this.numClasses = numClasses;
    this.multiLabel = multiLabel;
    this.values = values.asReadOnly();
    this.classNames = List.copyOf(classNames);
    if (!classNames.isEmpty() && classNames.size() != numClasses) {
      throw BadInputException.of(
          "need a name for each class", "names", classNames.size(), "numClasses", numClasses);
    }
  }

  /** One class per node: wraps little-endian int32 {@code [numNodes]} without a copy. */
  public static NodeLabels of(int numClasses, MemorySegment values) {
    return new NodeLabels(numClasses, false, values, List.of());
  }

  /** As many classes as the largest label says; wrapped without a copy. */
  @Internal
  public static NodeLabels of(int... values) {
    return of(Math.max(0, Arrays.stream(values).max().orElse(0)) + 1, values);
  }

  /** One class per node: labels on the heap, wrapped without a copy. */
  public static NodeLabels of(int numClasses, int[] values) {
    return of(numClasses, MemorySegment.ofArray(values));
  }

  /** Several labels per node: wraps int8 {@code [numNodes x numClasses]} without a copy. */
  public static NodeLabels multiLabel(int numClasses, MemorySegment values) {
    NodeLabels labels = new NodeLabels(numClasses, true, values, List.of());
    if (values.byteSize() % numClasses != 0) {
      throw BadInputException.of(
          "labels must be whole rows", "bytes", values.byteSize(), "numClasses", numClasses);
    }
    return labels;
  }

  /** The same labels, with a name for each class; none = classes without names. */
  public NodeLabels withClassNames(List<String> names) {
    return new NodeLabels(numClasses, multiLabel, values, names);
  }

  /** The names of the classes in their order; empty if they have none. */
  public List<String> classNames() {
    return classNames;
  }

  /** The name of a class, or its number if it has none. */
  public String className(int label) {
    return label < classNames.size() ? classNames.get(label) : Integer.toString(label);
  }

  public int numNodes() {
    return Math.toIntExact(values.byteSize() / rowBytes());
  }

  /** Classes, or labels that a node can have. */
  public int numClasses() {
    return numClasses;
  }

  /** Whether a node can have several labels. */
  public boolean isMultiLabel() {
    return multiLabel;
  }

  /** Bytes per node. */
  public int rowBytes() {
    return multiLabel ? numClasses : Integer.BYTES;
  }

  /**
   * The class of a node.
   *
   * @throws IllegalStateException if a node can have several labels
   */
  public int get(int node) {
    if (multiLabel) {
      throw new IllegalStateException("a node has no class, it has several labels");
    }
    return values.getAtIndex(JAVA_INT, node);
  }

  /** Whether a node has a label: 1, 0, or -1 if unknown. */
  public int get(int node, int column) {
    if (multiLabel) {
      return values.get(JAVA_BYTE, (long) node * numClasses + column);
    }
    int label = get(node);
    return label == UNLABELLED ? UNLABELLED : label == column ? 1 : 0;
  }

  /** Whether any label of a node is known. */
  public boolean isLabelled(int node) {
    if (!multiLabel) {
      return get(node) != UNLABELLED;
    }
    for (int column = 0; column < numClasses; column++) {
      if (get(node, column) != UNLABELLED) {
        return true;
      }
    }
    return false;
  }

  /** Read-only, {@code [numNodes x rowBytes]}. */
  public MemorySegment values() {
    return values;
  }
}
