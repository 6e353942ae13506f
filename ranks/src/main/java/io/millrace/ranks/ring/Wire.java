package io.millrace.ranks.ring;

import io.millrace.Internal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A connection to a neighbour: bytes in both directions, in order. One thread reads and another
 * writes; any thread may close it.
 */
@Internal
public interface Wire {
  /** What the neighbour sends. */
  InputStream in() throws IOException;

  /** What is sent to the neighbour; each write is a whole frame. */
  OutputStream out() throws IOException;

  /** Ends what is sent: the neighbour reads to the end. */
  void endOutput() throws IOException;

  /** Ends both directions. */
  void close() throws IOException;
}
