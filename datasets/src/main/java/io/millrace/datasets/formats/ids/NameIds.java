package io.millrace.datasets.formats.ids;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.NameHash;
import io.millrace.datasets.NodeDictionary;
import io.millrace.datasets.text.MalformedFieldException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;

/**
 * Ids that are any text, numbered in order of first appearance: a hash table over the names' bytes,
 * which {@code NameList} stores.
 *
 * <p>A slot holds a node and, to compare first, 32 bits of its name's hash; empty is -1. Linear
 * probing, at most half full.
 *
 * <p>{@link #token} looks a name up without a lock, at the same time as {@link #node} adds others:
 * a slot is written after its name, and a full table is replaced by a larger copy. A thread that
 * does not see a new name yet leaves it to {@link #node}, which searches again. So most of the work
 * is done by all threads, and only new names wait for their turn.
 */
@Internal
public final class NameIds implements NodeIds {
  private static final int MAX_NODES = 1 << 29;
  private static final char BYTE_ORDER_MARK = '\uFEFF';
  private static final byte DELETE = 0x7f;
  private static final int LENGTH_BITS = 32;

  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);

  private final NameList names = new NameList();
  private volatile long[] slots = emptySlots(1 << 16);
  private boolean complete;

  private static long[] emptySlots(int length) {
    long[] slots = new long[length];
    Arrays.fill(slots, -1);
    return slots;
  }

  @Override
  public void complete() {
    complete = true;
  }

  /**
   * The node of a known name as {@code -1 - node}, otherwise the name's start and length. A name
   * that may be added is checked here, where threads do not wait for each other.
   */
  @Override
  public long token(byte[] bytes, int start, int end) {
    if (start == end) {
      throw new MalformedFieldException("id is empty");
    }
    int length = end - start;
    if (length > NodeDictionary.MAX_NAME_BYTES) {
      throw new MalformedFieldException(
          "id is too long", "bytes", length, "max", NodeDictionary.MAX_NAME_BYTES);
    }
    long[] table = slots;
    int slot = find(table, (int) NameHash.of(bytes, start, length), bytes, start, length);
    if (slot >= 0) {
      return ~(long) (int) table[slot];
    }
    if (!complete) {
      requireText(bytes, start, length);
    }
    return (long) start << LENGTH_BITS | length;
  }

  @Override
  public boolean isKnown(long token) {
    return token < 0;
  }

  @Override
  public int node(byte[] bytes, long token) {
    if (token < 0) {
      return (int) ~token;
    }
    int start = (int) (token >>> LENGTH_BITS);
    int length = (int) token;
    int hash = (int) NameHash.of(bytes, start, length);
    int slot = find(slots, hash, bytes, start, length);
    if (slot >= 0) {
      return (int) slots[slot];
    }
    if (complete) {
      throw MalformedFieldException.of(
          "node is not in the node table", bytes, start, start + length);
    }
    return add(bytes, start, length, hash, ~slot);
  }

  /** The slot that holds a name, or {@code -1 - slot} of the empty one where it belongs. */
  private int find(long[] table, int hash, byte[] bytes, int start, int length) {
    int mask = table.length - 1;
    for (int slot = hash & mask; ; slot = slot + 1 & mask) {
      long entry = (long) SLOT.getAcquire(table, slot);
      if (entry == -1) {
        return ~slot;
      }
      if ((int) (entry >>> 32) == hash && names.equals((int) entry, bytes, start, length)) {
        return slot;
      }
    }
  }

  private int add(byte[] bytes, int start, int length, int hash, int slot) {
    int node = names.add(bytes, start, length);
    if (node == MAX_NODES) {
      throw BadInputException.of("too many different ids", "max", MAX_NODES);
    }
    SLOT.setRelease(slots, slot, entry(hash, node));
    if (2 * (node + 1) > slots.length) {
      grow();
    }
    return node;
  }

  private static boolean isPrintableAscii(byte[] bytes, int start, int end) {
    int at = start;
    while (at < end && bytes[at] >= ' ' && bytes[at] != DELETE) {
      at++;
    }
    return at == end;
  }

  private static void requireText(byte[] bytes, int start, int length) {
    if (isPrintableAscii(bytes, start, start + length)) {
      return;
    }
    try {
      CharBuffer text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, start, length));
      while (text.hasRemaining()) {
        char c = text.get();
        if (Character.isISOControl(c) || c == BYTE_ORDER_MARK) {
          String code = "U+%04X".formatted((int) c);
          throw new MalformedFieldException(
              "id has a control character", "character", code, "at", text.position());
        }
      }
    } catch (CharacterCodingException _) {
      throw MalformedFieldException.of("id is not UTF-8 text", bytes, start, start + length);
    }
  }

  private void grow() {
    long[] larger = emptySlots(2 * slots.length);
    int mask = larger.length - 1;
    for (long entry : slots) {
      if (entry != -1) {
        int slot = (int) (entry >>> 32) & mask;
        while (larger[slot] != -1) {
          slot = slot + 1 & mask;
        }
        larger[slot] = entry;
      }
    }
    slots = larger;
  }

  /** Nodes stay below 2^29, so no entry is -1. */
  private static long entry(int hash, int node) {
    return (long) hash << 32 | node;
  }

  @Override
  public boolean areIntegers() {
    return false;
  }

  @Override
  public boolean inOrder() {
    return !complete;
  }

  @Override
  public int numNodes() {
    return names.size();
  }

  @Override
  public byte[] name(int node) {
    return names.bytes(node);
  }
}
