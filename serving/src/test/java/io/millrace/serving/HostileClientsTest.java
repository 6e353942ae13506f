package io.millrace.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.serving.models.ModelSettings.Mode;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients that send too much, too slowly, or nonsense: each hears one line, the server lives. */
@Tag("exhaustive")
class HostileClientsTest extends ServedModels {
  private void startWithDefaults() {
    server = PredictionServer.of(data, TestModels.settings(Mode.SAMPLED, LONG_MILLIS), 1 << 20);
    server.add("m1", folder.resolve("m1"), Optional.empty());
    address = server.start(ServerOptions.defaults());
  }

  @Test
  void hundredsOfSlowClientsKeepNobodyWaiting() throws IOException {
    startWithDefaults();
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 300; i++) {
        Socket socket = new Socket(address.getHost(), address.getPort());
        slow.add(socket);
        String part =
            i % 2 == 0
                ? "POST /v2/models/m1/infer HTTP/1.1\r\nHost: localhost\r\nConte"
                : "POST /v2/models/m1/infer HTTP/1.1\r\n"
                    + "Host: localhost\r\n"
                    + "Content-Length: 99\r\n\r\n"
                    + "{";
        socket.getOutputStream().write(part.getBytes(StandardCharsets.US_ASCII));
      }
      for (int i = 0; i < 50; i++) {
        assertEquals(200, post("/v2/models/m1/infer", nodes(i)).statusCode());
      }
      for (Socket socket : slow) { // one byte more, and they still wait for the rest
        socket.getOutputStream().write(' ');
      }
      assertEquals(200, post("/v2/models/m1/infer", nodes(60)).statusCode());
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
    assertEquals(200, post("/v2/models/m1/infer", nodes(61)).statusCode());
  }

  @Test
  void megabyteOfIdsIsTooMuchByItsNodesOrByItsBytes() {
    startWithDefaults();
    Object[] ids = new Object[150_000];
    Arrays.setAll(ids, i -> 100 + i % 100);
    String within = nodes(ids);
    assertTrue(within.length() < 1 << 20, "length " + within.length());
    assertRefused(
        413,
        "too many nodes in a request: nodes=150000, max=1024",
        post("/v2/models/m1/infer", within));
    assertRefused(
        413,
        "the body is too large: maxBytes=1048576",
        post("/v2/models/m1/infer", within + " ".repeat(1 << 20)));
    Object[] most = Arrays.copyOf(ids, 1024);
    assertEquals(200, post("/v2/models/m1/infer", nodes(most)).statusCode());
  }

  @Test
  void damagedRequestsOfEachKindAreAnsweredInOneLine() throws Exception {
    startWithDefaults();
    List<String> valid =
        List.of(
            nodes(1, 2),
            nodes("node-1", "node-2"),
            """
            {"inputs":[
             {"name":"features","shape":[1,4],"datatype":"FP32","data":[1,-1,0.5,2]},
             {"name":"neighbors","shape":[2],"datatype":"INT64","data":[7,42]},
             {"name":"neighbors_indptr","shape":[2],"datatype":"INT64","data":[0,2]}],
             "outputs":[{"name":"class"}],"parameters":{"timeout_ms":60000}}\
            """);
    Random random = new Random(11);
    int refused = 0;
    for (int i = 0; i < 3000; i++) {
      byte[] body = damaged(valid.get(i % valid.size()), random);
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(address.resolve("/v2/models/m1/infer"))
                  .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      int status = response.statusCode();
      if (status != 200 && status != 504) { // a damaged timeout may be short
        refused++;
        assertTrue(status == 400 || status == 413 || status == 503, response.body());
        assertFalse(json(response).get("error").getAsString().contains("\n"), response.body());
      }
    }
    assertTrue(refused > 1000 && refused < 3000, "refused " + refused);
    assertEquals(200, get("/v2/health/ready").statusCode());
  }

  /** Bytes changed, a part doubled, or cut off. */
  private static byte[] damaged(String text, Random random) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    int at = random.nextInt(body.length);
    switch (random.nextInt(3)) {
      case 0 -> body[at] = (byte) random.nextInt(256);
      case 1 -> body = Arrays.copyOf(body, at);
      default -> {
        String tail = text.substring(Math.min(at, text.length()));
        body = (text.substring(0, text.length() - tail.length()) + tail + tail).getBytes();
      }
    }
    return body;
  }

  @Test
  void nonsenseInsteadOfHttpHarmsNobody() throws IOException {
    startWithDefaults();
    Random random = new Random(5);
    for (int i = 0; i < 200; i++) {
      byte[] noise = new byte[1 + random.nextInt(2000)];
      random.nextBytes(noise);
      try (Socket socket = new Socket(address.getHost(), address.getPort())) {
        socket.getOutputStream().write(noise);
      } catch (IOException _) { // the server has closed it, as it may
      }
    }
    assertEquals(200, post("/v2/models/m1/infer", nodes(1)).statusCode());
  }
}
