package io.millrace.bench.serve;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;

/**
 * Connections to a server that stay open, a limited number, as a proxy has them: a request that
 * finds none free waits, which counts as its latency. It is no client for anything else: the JDK's
 * takes more CPU for a request than the server does, and would be what a load measures.
 * Thread-safe; owns its sockets until {@link #close}.
 */
final class Connections implements AutoCloseable {
  private static final int MAX = 256;
  private static final int TIMEOUT_MILLIS = 60_000;
  private static final int MAX_HEAD = 1 << 14;

  /** An answer. */
  record Response(int status, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  private record Connection(Socket socket, InputStream in) {}

  private final URI address;
  private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();
  private final Semaphore free = new Semaphore(MAX);

  Connections(URI address) {
    this.address = address;
  }

  /**
   * Sends a request and waits for its answer.
   *
   * @param body empty for none
   * @throws IOException if there is none
   */
  Response send(String method, String path, String body) throws IOException {
    byte[] request =
        (method
                + " "
                + path
                + " HTTP/1.1\r\nHost: "
                + address.getAuthority()
                + "\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body)
            .getBytes(StandardCharsets.US_ASCII);
    free.acquireUninterruptibly();
    try {
      return send(request);
    } finally {
      free.release();
    }
  }

  private Response send(byte[] request) throws IOException {
    Connection kept = idle.pollFirst(); // the one used last: the others may end
    if (kept != null) {
      try {
        return exchange(kept, request);
      } catch (IOException _) { // the server has ended it, as it may
        kept.socket().close();
      }
    }
    Socket socket = new Socket(address.getHost(), address.getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    return exchange(
        new Connection(socket, new BufferedInputStream(socket.getInputStream())), request);
  }

  private Response exchange(Connection connection, byte[] request) throws IOException {
    connection.socket().getOutputStream().write(request);
    String head = head(connection.in());
    int at = head.indexOf("\r\ncontent-length:");
    if (!head.startsWith("http/1.1 ") || at < 0) {
      throw new IOException("not an answer: " + head);
    }
    int begin = at + "\r\ncontent-length:".length();
    int length = Integer.parseInt(head.substring(begin, head.indexOf("\r\n", begin)).strip());
    byte[] body = connection.in().readNBytes(length);
    if (body.length < length) {
      throw new EOFException("the answer is cut off");
    }
    if (head.contains("\r\nconnection: close")) {
      connection.socket().close();
    } else {
      idle.addFirst(connection);
    }
    return new Response(Integer.parseInt(head.substring(9, 12)), body);
  }

  /** Status line and headers in lower case, each with its end. */
  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < MAX_HEAD) {
      int value = in.read();
      if (value < 0) {
        throw new EOFException("no answer");
      }
      head.append((char) value);
      int end = head.length();
      if (value == '\n' && end >= 4 && head.charAt(end - 3) == '\n') {
        return head.toString().toLowerCase(Locale.ROOT);
      }
    }
    throw new IOException("the head of the answer is too long");
  }

  @Override
  public void close() {
    for (Connection connection : idle) {
      try {
        connection.socket().close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
