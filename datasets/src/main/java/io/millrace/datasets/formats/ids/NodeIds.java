package io.millrace.datasets.formats.ids;

import io.millrace.Internal;
import io.millrace.datasets.text.MalformedFieldException;

/**
 * Turns the ids of a source into node ids, in two steps: {@link #token} by many threads at once,
 * also while another thread is in {@link #node}; {@link #node} by one at a time, in the order of
 * the input, so that a new id gets the next node.
 */
@Internal
public interface NodeIds {
  /**
   * Reads an id from text. Text that cannot be an id is a {@link MalformedFieldException}.
   *
   * @return what {@link #node} needs
   */
  long token(byte[] bytes, int start, int end);

  /**
   * Whether {@link #node} adds no id for this token, so that its order does not matter.
   *
   * @param token what {@link #token} returned
   */
  boolean isKnown(long token);

  /**
   * The node of an id. An id that is unknown and cannot be added is a {@link
   * MalformedFieldException}.
   *
   * @param bytes the text that {@link #token} read from
   */
  int node(byte[] bytes, long token);

  /** Whether ids are integers, and a token is the integer. */
  boolean areIntegers();

  /** Whether {@link #node} must be called in the order of the input, except for known tokens. */
  boolean inOrder();

  /**
   * Ends the numbering: no id is added from now on, and {@link #node} may be called by many
   * threads, in any order.
   */
  void complete();

  int numNodes();

  /** The id of a node as text, in UTF-8. */
  byte[] name(int node);
}
