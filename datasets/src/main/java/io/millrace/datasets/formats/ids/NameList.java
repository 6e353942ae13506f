package io.millrace.datasets.formats.ids;

import io.millrace.datasets.NodeDictionary;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A growing list of names as bytes, numbered from 0 and stored back to back in pages. Used by one
 * thread while it grows.
 */
final class NameList {
  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int PAGE_BITS = 22;
  private static final int PAGE_BYTES = 1 << PAGE_BITS;

  private final List<byte[]> pages = new ArrayList<>();
  private long[] starts = new long[1 << 12];
  private int[] lengths = new int[1 << 12];
  private int size;
  private long end;

  /** Appends a name, of at most {@link NodeDictionary#MAX_NAME_BYTES} bytes; returns its number. */
  int add(byte[] bytes, int start, int length) {
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, 2 * size);
      lengths = Arrays.copyOf(lengths, 2 * size);
    }
    // A name never crosses the end of a page: the rest of the page stays empty.
    if (pages.isEmpty() || (end & PAGE_BYTES - 1) + length > PAGE_BYTES) {
      end = (long) pages.size() << PAGE_BITS;
      pages.add(new byte[PAGE_BYTES]);
    }
    System.arraycopy(bytes, start, pages.getLast(), (int) (end & PAGE_BYTES - 1), length);
    starts[size] = end;
    lengths[size] = length;
    end += length;
    return size++;
  }

  boolean equals(int name, byte[] bytes, int start, int length) {
    int at = (int) (starts[name] & PAGE_BYTES - 1);
    return lengths[name] == length
        && Arrays.equals(page(name), at, at + length, bytes, start, start + length);
  }

  byte[] bytes(int name) {
    int at = (int) (starts[name] & PAGE_BYTES - 1);
    return Arrays.copyOfRange(page(name), at, at + lengths[name]);
  }

  private byte[] page(int name) {
    return pages.get((int) (starts[name] >>> PAGE_BITS));
  }

  int size() {
    return size;
  }
}
