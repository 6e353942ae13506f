package io.millrace.ranks.ring;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/**
 * A TCP connection, which may be encrypted. Owns the socket.
 *
 * @param socket connected, and the neighbour has proved who it is
 */
record SocketWire(Socket socket) implements Wire {
  /** A wire without a limit for a read, on which frames are sent at once. */
  static SocketWire of(Socket socket) throws IOException {
    socket.setSoTimeout(0);
    socket.setTcpNoDelay(true);
    return new SocketWire(socket);
  }

  @Override
  public InputStream in() throws IOException {
    return socket.getInputStream();
  }

  @Override
  public OutputStream out() throws IOException {
    return socket.getOutputStream();
  }

  @Override
  public void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
