package io.millrace.bench.serve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * Finds the ends of the answers on a connection, one after the other. An answer says how long its
 * body is, which is passed over. One thread at a time.
 */
final class AnswerParser {
  private static final int MAX_HEAD = 1 << 14;
  private static final String HEAD_END = "\r\n\r\n";
  private static final String STATUS_LINE = "http/1.1 ";
  private static final String LENGTH = "\r\ncontent-length:";

  private final StringBuilder head = new StringBuilder();
  private long bodyLeft;
  private int status;
  private boolean ends;

  /**
   * Reads all bytes of a buffer.
   *
   * @return whether the answer is complete; then {@link #take} must follow
   * @throws IOException if it is none, or another one follows that nobody has asked for
   */
  boolean read(ByteBuffer bytes) throws IOException {
    if (status > 0) {
      bodyLeft -= bytes.remaining();
    } else {
      head.append(ISO_8859_1.decode(bytes));
      int end = head.indexOf(HEAD_END);
      if (end < 0 && head.length() <= MAX_HEAD) {
        return false;
      }
      readHead(head.substring(0, Math.max(0, end + 2)).toLowerCase(Locale.ROOT));
      bodyLeft -= head.length() - end - HEAD_END.length();
    }
    if (bodyLeft < 0) {
      throw new IOException("an answer is longer than it says");
    }
    return bodyLeft == 0;
  }

  private void readHead(String text) throws IOException {
    int at = text.indexOf(LENGTH);
    if (!text.startsWith(STATUS_LINE) || at < 0) {
      throw new IOException("not an answer: " + text);
    }
    int begin = at + LENGTH.length();
    try {
      bodyLeft = Long.parseLong(text.substring(begin, text.indexOf("\r\n", begin)).strip());
      status = Integer.parseInt(text.substring(STATUS_LINE.length(), STATUS_LINE.length() + 3));
    } catch (NumberFormatException e) {
      throw new IOException("not an answer: " + text, e);
    }
    ends = text.contains("\r\nconnection: close\r\n");
  }

  /** Whether the connection ends with the answer. */
  boolean ends() {
    return ends;
  }

  /** Returns the status of the answer that is complete, and is ready for the next one. */
  int take() {
    int taken = status;
    head.setLength(0);
    status = 0;
    return taken;
  }
}
