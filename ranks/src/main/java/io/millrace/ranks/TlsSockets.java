package io.millrace.ranks;

import io.millrace.Internal;
import java.io.IOException;
import java.net.Socket;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Encrypts connections between ranks before anything else is sent. Stateless. */
@Internal
public final class TlsSockets {
  private TlsSockets() {}

  /**
   * Both ends show a certificate that the other trusts.
   *
   * @param socket connected; the result takes it over
   * @param tls with which to encrypt; without it, the result is the socket itself
   * @param isClient whether this end has connected
   * @param limitMillis for each read of the handshake, and later ones until it is set anew
   * @throws IOException if the other end does not speak TLS, or shows no such certificate
   */
  public static Socket secured(
      Socket socket, Optional<SSLContext> tls, boolean isClient, int limitMillis)
      throws IOException {
    if (tls.isEmpty()) {
      return socket;
    }
    socket.setSoTimeout(limitMillis);
    SSLSocketFactory factory = tls.get().getSocketFactory();
    SSLSocket secured =
        isClient
            ? (SSLSocket)
                factory.createSocket(
                    socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true)
            : (SSLSocket) factory.createSocket(socket, null, socket.getPort(), true);
    secured.setUseClientMode(isClient);
    if (!isClient) {
      secured.setNeedClientAuth(true);
    }
    secured.startHandshake();
    return secured;
  }
}
