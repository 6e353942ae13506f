package io.millrace.bench.serve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ConnectionsTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private static URI at(int port) {
    return URI.create("http://" + LOOPBACK.getHostAddress() + ":" + port);
  }

  private static CompletableFuture<Integer> send(Connections connections, URI address) {
    CompletableFuture<Integer> status = new CompletableFuture<>();
    connections.send(
        Connections.request(address, "GET", "/", ""), (value, _) -> status.complete(value));
    return status;
  }

  @Test
  void moreRequestsThanConnectionsWaitForOneThatIsFree() throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      server.setExecutor(threads);
      server.createContext(
          "/",
          exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("ok".getBytes(ISO_8859_1));
            exchange.close();
          });
      server.start();
      URI address = at(server.getAddress().getPort());
      try (Connections connections = new Connections(address)) {
        List<CompletableFuture<Integer>> all =
            Stream.generate(() -> send(connections, address)).limit(600).toList();
        assertEquals(
            Collections.nCopies(600, 200), all.stream().map(CompletableFuture::join).toList());
      }
      server.stop(0);
    }
  }

  @Test
  void sendsAgainOnAnotherConnectionWhatMetOneThatTheServerHadEnded() throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 50, LOOPBACK)) {
      Thread.ofVirtual().start(() -> answerOnceEach(listener));
      URI address = at(listener.getLocalPort());
      try (Connections connections = new Connections(address)) {
        for (int i = 0; i < 20; i++) {
          assertEquals(200, send(connections, address).join());
        }
      }
    }
  }

  /** Answers one request on each connection and ends it without having said so. */
  private static void answerOnceEach(ServerSocket listener) {
    while (true) {
      try (Socket socket = listener.accept()) {
        byte[] request = new byte[4096];
        if (socket.getInputStream().read(request) > 0) {
          socket
              .getOutputStream()
              .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(ISO_8859_1));
        }
      } catch (IOException _) {
        return;
      }
    }
  }

  @Test
  void requestThatCannotBeSentHasNoAnswer() throws IOException {
    URI address;
    try (ServerSocket listener = new ServerSocket(0, 50, LOOPBACK)) {
      address = at(listener.getLocalPort());
    }
    try (Connections connections = new Connections(address)) {
      assertEquals(0, send(connections, address).join());
    }
  }
}
