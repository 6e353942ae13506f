package io.millrace.datasets.formats.ids;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.text.FieldParser;
import io.millrace.datasets.text.MalformedFieldException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * 64-bit ids, numbered in order of first appearance.
 *
 * <p>A slot holds a node, whose id is compared; empty is -1. Linear probing, at most half full, and
 * three quarters once the table cannot grow.
 */
@Internal
public final class LongIds implements NodeIds {
  private static final int NONE = -1;
  private static final int MAX_SLOTS = 1 << 30;
  private static final int MAX_NODES = MAX_SLOTS / 4 * 3;
  private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

  private int[] slots = emptySlots(1 << 10);
  private long[] ids = new long[1 << 10];
  private int numNodes;
  private final boolean paddedIsText;
  private boolean complete;

  public LongIds() {
    this(false);
  }

  /**
   * @param paddedIsText whether an id with leading zeros throws {@link OtherKindException}
   */
  public LongIds(boolean paddedIsText) {
    this.paddedIsText = paddedIsText;
  }

  private static int[] emptySlots(int length) {
    int[] slots = new int[length];
    Arrays.fill(slots, NONE);
    return slots;
  }

  @Override
  public void complete() {
    complete = true;
  }

  @Override
  public long token(byte[] bytes, int start, int end) {
    long id = FieldParser.integer(bytes, start, end);
    if (paddedIsText && FieldParser.isPadded(bytes, start, end)) {
      throw padded(bytes, start, end);
    }
    return id;
  }

  static OtherKindException padded(byte[] bytes, int start, int end) {
    String id = new String(bytes, start, end - start, StandardCharsets.US_ASCII);
    return new OtherKindException(NodeIdKind.STRING, "id=" + id);
  }

  @Override
  public int node(byte[] bytes, long id) {
    int slot = find(slots, id);
    if (slots[slot] != NONE) {
      return slots[slot];
    }
    if (complete) {
      throw new MalformedFieldException("node is not in the node table", "value", id);
    }
    if (numNodes == MAX_NODES) {
      throw BadInputException.of("too many different ids", "max", MAX_NODES);
    }
    if (numNodes == ids.length) {
      ids = Arrays.copyOf(ids, Math.min(2 * ids.length, MAX_NODES));
    }
    ids[numNodes] = id;
    slots[slot] = numNodes;
    numNodes++;
    if (numNodes > slots.length / 2 && slots.length < MAX_SLOTS) {
      grow();
    }
    return numNodes - 1;
  }

  /** The slot that holds an id, or the empty one where it belongs. */
  private int find(int[] table, long id) {
    int mask = table.length - 1;
    int slot = hash(id) & mask;
    while (table[slot] != NONE && ids[table[slot]] != id) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private static int hash(long id) {
    long mixed = id * GOLDEN_RATIO;
    mixed ^= mixed >>> 32;
    return (int) (mixed ^ mixed >>> 16);
  }

  private void grow() {
    int[] larger = emptySlots(2 * slots.length);
    for (int node = 0; node < numNodes; node++) {
      larger[find(larger, ids[node])] = node;
    }
    slots = larger;
  }

  @Override
  public boolean isKnown(long id) {
    return complete;
  }

  @Override
  public boolean areIntegers() {
    return true;
  }

  @Override
  public boolean inOrder() {
    return !complete;
  }

  @Override
  public int numNodes() {
    return numNodes;
  }

  @Override
  public byte[] name(int node) {
    return Long.toString(ids[node]).getBytes(StandardCharsets.US_ASCII);
  }

  public long id(int node) {
    return ids[node];
  }
}
