package io.millrace.ranks.rows;

import io.millrace.BadInputException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;

/**
 * Answers other ranks' requests for this one's rows, each connection by a thread of its own. Owns
 * the socket and the threads.
 */
final class RowServer implements AutoCloseable {
  private static final int PIECE_BYTES = 1 << 18;
  private static final int BUFFER = 1 << 16;

  /** More connections than ranks are refused while strangers hold some. */
  private static final int MAX_STRANGERS = 32;

  private final RowSource source;
  private final int rowBytes;
  private final RowGreeting greeting;
  private final int maxConnections;
  private final ServerSocket socket;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  RowServer(InetAddress bind, RowSource source, int rowBytes, RowGreeting greeting, int ranks) {
    this.source = source;
    this.rowBytes = rowBytes;
    this.greeting = greeting;
    maxConnections = ranks + MAX_STRANGERS;
    try {
      socket = new ServerSocket();
      socket.bind(new InetSocketAddress(bind, 0));
    } catch (IOException e) {
      throw new BadInputException(
          "rows cannot be served: address=" + bind.getHostAddress() + ", cause=" + e, e);
    }
    start("millrace-rows-accept", this::accept);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  private static void start(String name, Runnable body) {
    Thread.ofPlatform().daemon().name(name).start(body);
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket peer = socket.accept();
        open.add(peer);
        if (open.size() > maxConnections) {
          close(peer);
        } else {
          start("millrace-rows-answer", () -> answer(peer));
        }
      } catch (IOException e) {
        // closed, or the peer has gone again
      }
    }
  }

  private void answer(Socket peer) {
    try (Arena arena = Arena.ofConfined()) {
      peer.setTcpNoDelay(true);
      Socket spoken = greeting.accept(peer);
      DataInputStream in =
          new DataInputStream(new BufferedInputStream(spoken.getInputStream(), BUFFER));
      DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(spoken.getOutputStream(), BUFFER));
      int pieceRows = Math.max(1, PIECE_BYTES / rowBytes);
      MemorySegment piece = arena.allocate((long) pieceRows * rowBytes, Long.BYTES);
      byte[] bytes = new byte[pieceRows * rowBytes];
      while (true) {
        if (in.readInt() != RowMessage.REQUEST) {
          throw new StreamCorruptedException("what arrived is not a request");
        }
        answer(RowMessage.read(in), out, piece, bytes);
        out.flush();
      }
    } catch (IOException e) {
      // the peer has ended, or was none
    } finally {
      close(peer);
    }
  }

  /** The first piece is gathered before anything is sent, so a wrong id is refused in order. */
  private void answer(int[] ids, DataOutputStream out, MemorySegment piece, byte[] bytes)
      throws IOException {
    CRC32C crc = new CRC32C();
    int pieceRows = bytes.length / rowBytes;
    boolean begun = false;
    for (int from = 0; from < ids.length || !begun; from += pieceRows) {
      int count = Math.min(pieceRows, ids.length - from);
      try {
        source.gather(Arrays.copyOfRange(ids, from, from + count), count, piece);
      } catch (RuntimeException e) {
        if (begun) {
          throw new IOException(e);
        }
        refuse(out, String.valueOf(e.getMessage()));
        return;
      }
      if (!begun) {
        out.writeInt(RowMessage.ANSWER);
        out.writeInt(RowMessage.ROWS);
        out.writeInt(ids.length);
        begun = true;
      }
      MemorySegment.copy(piece, ValueLayout.JAVA_BYTE, 0, bytes, 0, count * rowBytes);
      crc.update(bytes, 0, count * rowBytes);
      out.write(bytes, 0, count * rowBytes);
    }
    out.writeInt((int) crc.getValue());
  }

  private static void refuse(DataOutputStream out, String reason) throws IOException {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(text.length, RowMessage.MAX_MESSAGE);
    out.writeInt(RowMessage.ANSWER);
    out.writeInt(RowMessage.REFUSED);
    out.writeInt(length);
    out.write(text, 0, length);
  }

  private void close(Socket peer) {
    open.remove(peer);
    try {
      peer.close();
    } catch (IOException e) {
      // it is of no more use
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // it is of no more use
    }
    open.forEach(this::close);
  }
}
