package io.millrace.bench.serve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;

/**
 * Connections to a server that stay open, a limited number, as a proxy has them: a request that
 * finds none free waits, which counts as its latency. One thread reads all answers, because a load
 * of thousands of requests per second shares the cores with the server: with a thread for each
 * request, or the JDK's client, a load measures the client.
 *
 * <p>Thread-safe. Owns its sockets and its thread until {@link #close}. It is no client for
 * anything else.
 */
final class Connections implements AutoCloseable {
  private static final int MAX = 256;
  private static final int BUFFER_BYTES = 1 << 16;

  /** Receives what became of a request, on the thread that reads or on that which sends. */
  interface Receiver {
    /**
     * The request is answered.
     *
     * @param status of HTTP; 0 if there is no answer
     * @param at when all of it had been read, by {@link System#nanoTime}
     */
    void answered(int status, long at);
  }

  /**
   * A request.
   *
   * @param again whether it was sent before, on a connection that the server had ended
   */
  private record Exchange(byte[] request, Receiver receiver, boolean again) {}

  /** A socket and the request that it is used for. */
  private static final class Connection {
    final SocketChannel channel;
    final AnswerParser parser = new AnswerParser();

    /** Guarded by the lock of all connections, as {@link #isOpen}; null while idle. */
    Exchange exchange;

    boolean isOpen = true;

    Connection(SocketChannel channel, Exchange exchange) {
      this.channel = channel;
      this.exchange = exchange;
    }
  }

  private final InetSocketAddress address;
  private final Selector selector;
  private final ArrayDeque<Connection> idle = new ArrayDeque<>();
  private final ArrayDeque<Exchange> waiting = new ArrayDeque<>();
  private int numOpen;
  private final Thread reader;

  Connections(URI address) {
    this.address = new InetSocketAddress(address.getHost(), address.getPort());
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reader = Thread.ofPlatform().daemon().name("millrace-load-answers").start(this::readAll);
  }

  /** A request as it is sent. */
  static byte[] request(URI address, String method, String path, String body) {
    return "%s %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %s\r\n\r\n%s"
        .formatted(method, path, address.getAuthority(), body.length(), body)
        .getBytes(ISO_8859_1);
  }

  /** Sends a request at once if a connection is free, and otherwise when one is. */
  void send(byte[] request, Receiver receiver) {
    send(new Exchange(request, receiver, false));
  }

  private void send(Exchange exchange) {
    Connection connection;
    synchronized (this) {
      connection = idle.pollFirst(); // the one used last: the others may end
      if (connection != null) {
        connection.exchange = exchange;
      } else if (numOpen == MAX) {
        waiting.add(exchange);
        return;
      } else {
        numOpen++;
      }
    }
    if (connection == null) {
      open(exchange);
    } else {
      write(connection, exchange.request);
    }
  }

  private void open(Exchange exchange) {
    try {
      SocketChannel channel = SocketChannel.open(address);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      Connection connection = new Connection(channel, exchange);
      channel.register(selector, SelectionKey.OP_READ, connection);
      selector.wakeup();
      write(connection, exchange.request);
    } catch (IOException e) {
      synchronized (this) {
        numOpen--;
      }
      exchange.receiver.answered(0, System.nanoTime());
    }
  }

  private void write(Connection connection, byte[] request) {
    try {
      ByteBuffer buffer = ByteBuffer.wrap(request);
      while (buffer.hasRemaining()) { // a socket without unread requests has room for this one
        connection.channel.write(buffer);
      }
    } catch (IOException e) {
      drop(connection);
    }
  }

  private void readAll() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    try {
      while (selector.isOpen()) {
        selector.select(key -> read((Connection) key.attachment(), buffer));
      }
    } catch (ClosedSelectorException _) { // the end
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(Connection connection, ByteBuffer buffer) {
    try {
      buffer.clear();
      if (connection.channel.read(buffer) < 0) {
        throw new EOFException();
      }
      long at = System.nanoTime();
      if (connection.parser.read(buffer.flip())) {
        finished(connection, at);
      }
    } catch (IOException _) {
      drop(connection);
    }
  }

  private void finished(Connection connection, long at) throws IOException {
    boolean ends = connection.parser.ends();
    Exchange done;
    Exchange next;
    synchronized (this) {
      done = connection.exchange;
      if (done == null) {
        throw new IOException("an answer that nobody has asked for");
      }
      next = ends ? null : waiting.poll();
      connection.exchange = next;
      if (next == null && !ends) {
        idle.addFirst(connection);
      }
    }
    int status = connection.parser.take();
    if (next != null) {
      write(connection, next.request);
    }
    done.receiver.answered(status, at);
    if (ends) {
      drop(connection);
    }
  }

  /** Ends a connection. Its request is sent again on a new one: the server may have ended it. */
  private void drop(Connection connection) {
    Exchange lost;
    boolean again;
    Exchange next;
    synchronized (this) {
      if (!connection.isOpen) {
        return;
      }
      connection.isOpen = false;
      idle.remove(connection);
      lost = connection.exchange;
      again = lost != null && !lost.again;
      numOpen -= again ? 0 : 1;
      next = again ? null : waiting.poll();
    }
    end(connection.channel);
    if (again) {
      open(new Exchange(lost.request, lost.receiver, true));
    } else if (lost != null) {
      lost.receiver.answered(0, System.nanoTime());
    }
    if (next != null) {
      send(next);
    }
  }

  private static void end(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends all connections; a request without an answer gets none. */
  @Override
  public void close() {
    try {
      selector.keys().forEach(key -> end((SocketChannel) key.channel()));
      selector.close();
      reader.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
