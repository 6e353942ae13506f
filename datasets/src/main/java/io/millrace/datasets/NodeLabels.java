package io.millrace.datasets;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * The labels of all nodes, or their targets: what is known of each node and to be predicted of
 * others. They have one of three forms.
 *
 * <pre>
 *   one class per node      int32   [numNodes]               0 to numClasses - 1, or -1
 *   several labels per node int8    [numNodes x numClasses]  1: has the label, 0: does not have it, or -1
 *   targets                 float32 [numNodes x numTargets]  a number, or NaN
 * </pre>
 *
 * <p>-1 is {@link #UNLABELLED}: not known; of a target that is NaN. Classes and targets may have
 * names. Immutable and shared by all threads. It does not own its memory: see {@link GraphDataset}.
 */
public final class NodeLabels {
  /** The label of a node whose class is not known. */
  public static final int UNLABELLED = -1;

  /** The most classes; more are taken for a mistake in the data. */
  public static final int MAX_CLASSES = 1 << 20;

  private enum Form {
    CLASS,
    SEVERAL,
    TARGETS
  }

  private final int numClasses;
  private final Form form;
  private final MemorySegment values;
  private final List<String> classNames;

  private NodeLabels(int numClasses, Form form, MemorySegment values, List<String> classNames) {
    if (numClasses < 1 || numClasses > MAX_CLASSES) {
      throw BadInputException.of("need 1 to " + MAX_CLASSES + " classes", "numClasses", numClasses);
    }
    this.numClasses = numClasses;
    this.form = form;
    this.values = values.asReadOnly();
    this.classNames = List.copyOf(classNames);
    if (!classNames.isEmpty() && classNames.size() != numClasses) {
      throw BadInputException.of(
          "need a name for each class", "names", classNames.size(), "numClasses", numClasses);
    }
  }

  /** One class per node: wraps little-endian int32 {@code [numNodes]} without a copy. */
  public static NodeLabels of(int numClasses, MemorySegment values) {
    return new NodeLabels(numClasses, Form.CLASS, values, List.of());
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
    return wholeRows(new NodeLabels(numClasses, Form.SEVERAL, values, List.of()));
  }

  /** Targets: wraps little-endian float32 {@code [numNodes x numTargets]} without a copy. */
  public static NodeLabels targets(int numTargets, MemorySegment values) {
    return wholeRows(new NodeLabels(numTargets, Form.TARGETS, values, List.of()));
  }

  /**
   * Targets on the heap, wrapped without a copy.
   *
   * @param values {@code [numNodes x numTargets]}, row-major; NaN is not known
   */
  public static NodeLabels targets(int numTargets, float[] values) {
    return targets(numTargets, MemorySegment.ofArray(values));
  }

  private static NodeLabels wholeRows(NodeLabels labels) {
    if (labels.values.byteSize() % labels.rowBytes() != 0) {
      throw BadInputException.of(
          "labels must be whole rows",
          "bytes",
          labels.values.byteSize(),
          "numClasses",
          labels.numClasses);
    }
    return labels;
  }

  /** Other values in the same form, with the same names. */
  @Internal
  public NodeLabels withValues(MemorySegment others) {
    return new NodeLabels(numClasses, form, others, classNames);
  }

  /** The same labels, with a name for each class or target; none = without names. */
  public NodeLabels withClassNames(List<String> names) {
    return new NodeLabels(numClasses, form, values, names);
  }

  /** The names of the classes or targets in their order; empty if they have none. */
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

  /** Classes, or labels that a node can have, or targets. */
  public int numClasses() {
    return numClasses;
  }

  /** Whether a node can have several labels. */
  public boolean isMultiLabel() {
    return form == Form.SEVERAL;
  }

  /** Whether these are numbers, not classes. */
  public boolean isTargets() {
    return form == Form.TARGETS;
  }

  /** Bytes per node. */
  public int rowBytes() {
    return switch (form) {
      case CLASS -> Integer.BYTES;
      case SEVERAL -> numClasses;
      case TARGETS -> Math.multiplyExact(numClasses, Float.BYTES);
    };
  }

  /**
   * The class of a node.
   *
   * @throws IllegalStateException if a node can have several labels, or has targets
   */
  public int get(int node) {
    if (form != Form.CLASS) {
      throw new IllegalStateException("a node has no class, it has several labels or targets");
    }
    return values.getAtIndex(JAVA_INT, node);
  }

  /** Whether a node has a label: 1, 0, or -1 if unknown. */
  public int get(int node, int column) {
    if (form == Form.SEVERAL) {
      return values.get(JAVA_BYTE, (long) node * numClasses + column);
    }
    int label = get(node);
    return label == UNLABELLED ? UNLABELLED : label == column ? 1 : 0;
  }

  /**
   * A target of a node; NaN if it is not known.
   *
   * @throws IllegalStateException if these are labels
   */
  public float target(int node, int column) {
    if (form != Form.TARGETS) {
      throw new IllegalStateException("a node has labels, and no targets");
    }
    return values.getAtIndex(JAVA_FLOAT, (long) node * numClasses + column);
  }

  /** Whether a label or target of a node is known. */
  @Internal
  public boolean isKnown(int node, int column) {
    return isTargets() ? !Float.isNaN(target(node, column)) : get(node, column) != UNLABELLED;
  }

  /** Whether any label or target of a node is known. */
  public boolean isLabelled(int node) {
    if (form == Form.CLASS) {
      return get(node) != UNLABELLED;
    }
    for (int column = 0; column < numClasses; column++) {
      if (isKnown(node, column)) {
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
