package io.millrace.datasets.text;

import io.millrace.Internal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Splits the lines of a text table into columns, one line at a time: {@code bytes[start(i)]} to
 * {@code bytes[end(i) - 1]}, without the blanks around it.
 *
 * <p>A column that begins with a quotation mark ends at the next one, and keeps the blanks between
 * them; two of them inside stand for one (RFC 4180), but a quoted column cannot contain a line
 * break. Used by one thread.
 */
@Internal
public final class FieldSplitter {
  public static final int MAX_COLUMNS = 1 << 20;

  private final byte separator;
  private final byte[] text;
  private final boolean blanks;
  private int[] starts = new int[16];
  private int[] ends = new int[16];
  private int count;

  public FieldSplitter(Delimiter separator) {
    text = separator.bytes();
    this.separator = text[0];
    this.blanks = separator.equals(Delimiter.BLANKS);
  }

  /**
   * Splits the line that begins at {@code from}; quoted text is unquoted in place.
   *
   * @param limit where the text ends
   * @return where the next line begins
   */
  public int split(byte[] bytes, int from, int limit) {
    count = 0;
    int at = skipBlanks(bytes, from, limit);
    while (!isLineEnd(bytes, at, limit)) {
      int start = at;
      if (bytes[at] == '"') {
        at = quoted(bytes, at, limit);
      } else {
        at = plainEnd(bytes, at, limit);
        add(start, withoutBlanks(bytes, start, at));
      }
      if (isSeparator(bytes, at, limit) || blanks && at < limit && isBlank(bytes[at])) {
        at = skipBlanks(bytes, at + text.length, limit);
        if (!blanks && isLineEnd(bytes, at, limit)) {
          add(at, at); // a separator at the line's end: an empty column
        }
      }
    }
    while (at < limit && bytes[at] == '\r') {
      at++;
    }
    return Math.min(limit, at + 1);
  }

  private int plainEnd(byte[] bytes, int from, int limit) {
    int at = from;
    byte second = blanks ? (byte) '\t' : separator;
    while (at < limit) {
      byte b = bytes[at];
      if (b == separator || b == second || b <= '\r' && isLineEnd(bytes, at, limit)) {
        if (text.length == 1 || b != separator || isSeparator(bytes, at, limit)) {
          break;
        }
      }
      at++;
    }
    return at;
  }

  private boolean isSeparator(byte[] bytes, int at, int limit) {
    if (at >= limit || bytes[at] != separator) {
      return false;
    }
    return text.length == 1
        || at + text.length <= limit
            && Arrays.equals(bytes, at, at + text.length, text, 0, text.length);
  }

  /** LF or the end of the text, also after CRs: some programs write CR CR LF. */
  private static boolean isLineEnd(byte[] bytes, int from, int limit) {
    int at = from;
    while (at < limit && bytes[at] == '\r') {
      at++;
    }
    return at == limit || bytes[at] == '\n';
  }

  private int quoted(byte[] bytes, int from, int limit) {
    int to = from + 1;
    int at = from + 1;
    while (at < limit && bytes[at] != '\n') {
      if (bytes[at] == '"') {
        if (at + 1 == limit || bytes[at + 1] != '"') {
          add(from + 1, to);
          return afterQuote(bytes, at + 1, limit);
        }
        at++;
      }
      bytes[to++] = bytes[at++];
    }
    throw MalformedFieldException.of("quotation mark is not closed", bytes, from, at);
  }

  private int afterQuote(byte[] bytes, int from, int limit) {
    int at = blanks ? from : skipBlanks(bytes, from, limit);
    boolean ends = isLineEnd(bytes, at, limit) || isSeparator(bytes, at, limit);
    if (!ends && !(blanks && isBlank(bytes[at]))) {
      throw MalformedFieldException.of(
          "text after a closing quotation mark", bytes, at, plainEnd(bytes, at, limit));
    }
    return at;
  }

  /** Where a text ends without the blanks at its end. */
  private static int withoutBlanks(byte[] bytes, int start, int end) {
    int last = end;
    while (last > start && isBlank(bytes[last - 1])) {
      last--;
    }
    return last;
  }

  private void add(int start, int end) {
    if (count == MAX_COLUMNS) {
      throw new MalformedFieldException("too many columns", "max", MAX_COLUMNS);
    }
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count);
      ends = Arrays.copyOf(ends, 2 * count);
    }
    starts[count] = start;
    ends[count++] = end;
  }

  private int skipBlanks(byte[] bytes, int from, int limit) {
    int at = from;
    while (at < limit && isBlank(bytes[at]) && (blanks || bytes[at] != separator)) {
      at++;
    }
    return at;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  /** The number of columns of the line; 0 for a blank one. */
  public int count() {
    return count;
  }

  public int start(int column) {
    return starts[column];
  }

  public int end(int column) {
    return ends[column];
  }

  List<String> texts(byte[] bytes) {
    List<String> texts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      texts.add(new String(bytes, starts[i], ends[i] - starts[i], StandardCharsets.UTF_8));
    }
    return texts;
  }
}
