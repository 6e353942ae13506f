package io.millrace.datasets.overlay;

import java.util.Arrays;

/**
 * An immutable map of node ids to values. A changed copy shares all parts with the original except
 * the path to what changed.
 *
 * <p>It is a tree of arrays of 64; an id's digits in base 64 lead to its value. Thread-safe.
 *
 * @param <T> the type of the values
 */
final class NodeTree<T> {
  private static final int BITS = 6;
  private static final int WIDTH = 1 << BITS;
  private static final int TOP_SHIFT = 5 * BITS; // six digits hold 31 bits

  private final Object[] root;
  private final T absent;
  private final int size;

  private NodeTree(Object[] root, T absent, int size) {
    this.root = root;
    this.absent = absent;
    this.size = size;
  }

  /**
   * @param absent what {@link #get} gives for an id without a value
   */
  static <T> NodeTree<T> empty(T absent) {
    return new NodeTree<>(new Object[WIDTH], absent, 0);
  }

  /** The number of ids that have a value. */
  int size() {
    return size;
  }

  @SuppressWarnings("unchecked") // the last level holds values, which only with() puts there
  T get(int node) {
    Object[] level = root;
    for (int shift = TOP_SHIFT; shift > 0; shift -= BITS) {
      Object next = level[digit(node, shift)];
      if (next == null) {
        return absent;
      }
      level = (Object[]) next;
    }
    Object value = level[digit(node, 0)];
    return value == null ? absent : (T) value;
  }

  /** A copy in which an id has a value. */
  NodeTree<T> with(int node, T value) {
    Object[] newRoot = root.clone();
    Object[] level = newRoot;
    for (int shift = TOP_SHIFT; shift > 0; shift -= BITS) {
      int digit = digit(node, shift);
      Object[] next = (Object[]) level[digit];
      Object[] copy = next == null ? new Object[WIDTH] : Arrays.copyOf(next, WIDTH);
      level[digit] = copy;
      level = copy;
    }
    boolean isNew = level[digit(node, 0)] == null;
    level[digit(node, 0)] = value;
    return new NodeTree<>(newRoot, absent, isNew ? size + 1 : size);
  }

  private static int digit(int node, int shift) {
    return node >>> shift & WIDTH - 1;
  }
}
