package io.millrace.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.serving.models.ModelSettings;
import io.millrace.serving.models.ModelSettings.Mode;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Too much, too late, and from the wrong place. */
class ServerRefusalsTest extends ServedModels {
  private static final int QUEUE = 2;

  /** A server whose batches wait for a company that does not come, in front of a small queue. */
  private void startWaiting(long delayMillis) {
    ModelSettings it = TestModels.settings(Mode.SAMPLED, LONG_MILLIS);
    server =
        PredictionServer.of(
            data,
            new ModelSettings(
                it.sloNanos(),
                it.mode(),
                it.fanout(),
                0,
                false,
                it.maxEdges(),
                QUEUE,
                delayMillis * 1_000_000,
                9,
                0,
                1),
            0);
    server.add("m1", folder.resolve("m1"), Optional.empty());
    address = server.start(ServerOptions.defaults().drain(Duration.ZERO, Duration.ofMillis(100)));
  }

  @Test
  @Tag("exhaustive")
  void overloadIs503WithRetryAfterAndLatenessIs504() throws Exception {
    startWaiting(3000);
    try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
      Future<HttpResponse<String>> first =
          threads.submit(() -> post("/v2/models/m1/infer", nodes(1)));
      while (!get("/metrics").body().contains("millrace_pending{model=\"m1\"} 1.0")) {
        Thread.sleep(5);
      }
      HttpResponse<String> refused = post("/v2/models/m1/infer", nodes(2, 3));
      assertEquals(503, refused.statusCode(), refused.body());
      assertTrue(Integer.parseInt(refused.headers().firstValue("Retry-After").orElseThrow()) >= 1);
      assertTrue(refused.body().startsWith("{\"error\":\"too many requests: queued=1,"));
      String hurried = nodes(4).replace("\"42\",", "\"42\",\"parameters\":{\"timeout_ms\":1},");
      assertRefused(
          504,
          "the request's time is over before it was computed",
          post("/v2/models/m1/infer", hurried));
      assertEquals(200, first.get().statusCode());
    }
    String metrics = get("/metrics").body();
    while (!metrics.contains("millrace_batch_seeds_sum{model=\"m1\"} 1.0")) {
      Thread.sleep(5); // the answer is there before its batch is counted
      metrics = get("/metrics").body();
    }
    assertTrue(
        metrics.contains("millrace_shed_total{model=\"m1\",reason=\"overload\"} 2.0"), metrics);
    assertTrue(
        metrics.contains("millrace_shed_total{model=\"m1\",reason=\"expired\"} 1.0"), metrics);
  }

  @Test
  void clientThatSendsTooManyGets429WithRetryAfter() {
    server = PredictionServer.of(data, TestModels.settings(Mode.SAMPLED, LONG_MILLIS), 0);
    server.add("m1", folder.resolve("m1"), Optional.empty());
    address = server.start(ServerOptions.defaults().maxRate(0.01));
    assertEquals(200, post("/v2/models/m1/infer", nodes(1)).statusCode());
    HttpResponse<String> second = post("/v2/models/m1/infer", nodes(1));
    assertRefused(429, "too many requests of one client: perSecond=0.01", second);
    int wait = Integer.parseInt(second.headers().firstValue("Retry-After").orElseThrow());
    assertTrue(wait > 1 && wait <= 100, "wait " + wait);
    assertEquals(200, get("/v2/health/ready").statusCode(), "health is not counted");
  }

  @Test
  void answersOnLoopbackOnlyUnderANameOfLoopbackAndNoPageOfAnotherSite() throws IOException {
    start(Mode.SAMPLED, LONG_MILLIS);
    String own = "localhost:" + address.getPort();
    assertEquals(200, status("GET", own, ""));
    assertEquals(200, status("GET", "127.0.0.1", ""));
    assertEquals(200, status("GET", "[::1]:80", ""));
    assertEquals(403, status("GET", "rebound.example.com", ""));
    assertEquals(403, status("GET", "127.0.0.1.example.com", ""));
    assertEquals(200, status("POST", own, ""));
    assertEquals(200, status("POST", own, "Origin: http://" + own + "\r\n"));
    assertEquals(403, status("POST", own, "Origin: http://example.com\r\n"));
    assertEquals(403, status("POST", own, "Origin: null\r\n"));
    assertEquals(403, status("POST", own, "Sec-Fetch-Site: cross-site\r\n"));
    assertEquals(403, status("POST", own, "Sec-Fetch-Site: same-site\r\n"));
    assertEquals(200, status("POST", own, "Sec-Fetch-Site: same-origin\r\n"));
    assertEquals(200, status("GET", own, "Origin: http://example.com\r\n"), "it is not readable");
  }

  private int status(String method, String host, String headers) throws IOException {
    String body = method.equals("POST") ? nodes(1) : "";
    String path = method.equals("POST") ? "/v2/models/m1/infer" : "/v2";
    String request =
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: "
            + host
            + "\r\n"
            + headers
            + "Connection: close\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return Integer.parseInt(answer.split(" ")[1]);
    }
  }
}
