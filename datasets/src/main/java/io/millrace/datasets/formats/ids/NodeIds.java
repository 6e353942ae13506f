package io.millrace.datasets.formats.ids;

import io.millrace.Internal;
import io.millrace.datasets.text.MalformedFieldException;

/**
 * Turns the ids of a source into node ids, in two steps: {@link #token} by many threads at once,
 * {@link #node} by one at a time, in the order of the input, so that a new id gets the next node.
 */
@Internal
public interface NodeIds {
  /**
   * Reads an id from text. A {@link MalformedFieldException} if it cannot be one.
   *
   * @return what {@link #node} needs to know of it
   */
  long token(byte[] bytes, int start, int end);

  /**
   * The node of an id. A {@link MalformedFieldException} if it is not known and cannot be added.
   *
   * @param bytes the text that {@link #token} read from
   */
  int node(byte[] bytes, long token);

  /** Whether ids are integers, and a token is the integer. */
  boolean areIntegers();

  /** Whether {@link #node} must be called in the order of the input. */
  boolean inOrder();

  /** From now on no id is added, and {@link #node} may be called by many threads, in any order. */
  void complete();

  int numNodes();

  /** The id of a node as text, in UTF-8. */
  byte[] name(int node);
}
