package io.millrace.datasets.formats.ids;

import io.millrace.datasets.NodeDictionary;
import java.util.Arrays;

/**
 * A growing list of names as bytes, numbered from 0 and stored back to back in pages. One thread at
 * a time adds names; others may read those that were published to them, see {@link NameIds}. Arrays
 * that are full are replaced by longer copies, so a reader never sees one change.
 */
final class NameList {
  private static final int PAGE_BITS = 22;
  private static final int PAGE_BYTES = 1 << PAGE_BITS;

  private static final int LENGTH_BITS = 17;

  private volatile byte[][] pages = new byte[0][];

  /** Where each name begins, and in the last 17 bits its length. */
  private volatile long[] places = new long[1 << 12];

  private int size;
  private long end;

  /** Appends a name, of at most {@link NodeDictionary#MAX_NAME_BYTES} bytes; returns its number. */
  int add(byte[] bytes, int start, int length) {
    if (size == places.length) {
      places = Arrays.copyOf(places, 2 * size);
    }
    // A name never crosses the end of a page: the rest of the page stays empty.
    if (pages.length == 0 || (end & PAGE_BYTES - 1) + length > PAGE_BYTES) {
      end = (long) pages.length << PAGE_BITS;
      byte[][] more = Arrays.copyOf(pages, pages.length + 1);
      more[pages.length] = new byte[PAGE_BYTES];
      pages = more;
    }
    System.arraycopy(bytes, start, pages[pages.length - 1], (int) (end & PAGE_BYTES - 1), length);
    places[size] = end << LENGTH_BITS | length;
    end += length;
    return size++;
  }

  boolean equals(int name, byte[] bytes, int start, int length) {
    long place = places[name];
    int at = start(place);
    return length(place) == length
        && Arrays.equals(page(place), at, at + length, bytes, start, start + length);
  }

  byte[] bytes(int name) {
    long place = places[name];
    int at = start(place);
    return Arrays.copyOfRange(page(place), at, at + length(place));
  }

  private byte[] page(long place) {
    return pages[(int) (place >>> PAGE_BITS + LENGTH_BITS)];
  }

  private static int start(long place) {
    return (int) (place >>> LENGTH_BITS) & PAGE_BYTES - 1;
  }

  private static int length(long place) {
    return (int) place & (1 << LENGTH_BITS) - 1;
  }

  int size() {
    return size;
  }
}
