package io.millrace.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.millrace.BadInputException;
import io.millrace.serving.http.AccessToken;
import io.millrace.serving.models.ModelSettings;
import io.millrace.serving.models.ModelSettings.Mode;
import io.millrace.serving.selection.SelectionPolicy;
import io.millrace.training.files.ModelFile;
import io.millrace.training.scoring.NodeScorer;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a server ends, learns from feedback, and whom it lets in. */
class ServerLifeTest extends ServedModels {
  @Test
  void endsUnderLoadWithoutLosingARequest() throws Exception {
    start(Mode.SAMPLED, LONG_MILLIS);
    AtomicBoolean ends = new AtomicBoolean();
    List<Future<Integer>> clients = new ArrayList<>();
    CountDownLatch answered = new CountDownLatch(3);
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      for (int c = 0; c < 3; c++) {
        clients.add(threads.submit(() -> requestsUntil(ends, answered)));
      }
      assertTrue(answered.await(60, TimeUnit.SECONDS), "each client has an answer");
      server.close();
      ends.set(true);
    }
    for (Future<Integer> one : clients) {
      assertTrue(one.get() > 0);
    }
  }

  @Test
  @Timeout(30)
  @Tag("exhaustive")
  void endsAtTheDrainTimeoutThoughARequestStillWaits() throws Exception {
    ModelSettings it = TestModels.settings(Mode.SAMPLED, LONG_MILLIS);
    long delay = LONG_MILLIS * 1_000_000; // a batch that waits for company for as long
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
                it.queue(),
                delay,
                9,
                0,
                1),
            0);
    server.add("m1", folder.resolve("m1"), Optional.empty());
    address = server.start(ServerOptions.defaults().drain(Duration.ZERO, Duration.ofMillis(100)));
    try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
      threads.submit(() -> post("/v2/models/m1/infer", nodes(1)));
      while (!get("/metrics").body().contains("millrace_pending{model=\"m1\"} 1.0")) {
        Thread.sleep(10);
      }
      server.close();
    }
  }

  /** Sends requests of a connection each, until the server refuses one. */
  private int requestsUntil(AtomicBoolean ends, CountDownLatch answered) throws IOException {
    byte[] body = nodes(1, 2, 3).getBytes(StandardCharsets.UTF_8);
    byte[] head =
        ("POST /v2/models/m1/infer HTTP/1.1\r\n"
                + "Host: localhost\r\n"
                + "Connection: close\r\n"
                + "Content-Length: "
                + body.length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.UTF_8);
    int count = 0;
    while (!ends.get()) {
      try (Socket socket = new Socket(address.getHost(), address.getPort())) {
        socket.getOutputStream().write(head);
        socket.getOutputStream().write(body);
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (answer.startsWith("HTTP/1.1 503")) {
          return count; // it says that it ends
        }
        assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
        if (count++ == 0) {
          answered.countDown();
        }
      }
    }
    return count;
  }

  @Test
  @Tag("exhaustive")
  void ensembleLearnsFromFeedbackAndKeepsItsStateOverRestarts() {
    Path state = folder.resolve("state.json");
    startEnsemble(state);
    int[] nodes = new int[5];
    int[] labels = new int[5];
    int found = 0;
    int[] m1 = classes("m1");
    int[] m2 = classes("m2");
    for (int v = 10; v < 100 && found < 5; v++) {
      if (m1[v - 10] != m2[v - 10]) {
        nodes[found] = v;
        labels[found++] = m2[v - 10];
      }
    }
    assertEquals(5, found, "the models differ: " + json(m1) + json(m2));
    String feedback = "{\"nodes\":" + json(nodes) + ",\"labels\":" + json(labels) + "}";
    double before = 1.0 / 3;
    for (int i = 0; i < 4; i++) {
      HttpResponse<String> response = post("/v2/models/ensemble/feedback", feedback);
      double weight = json(response).getAsJsonArray("weights").get(1).getAsDouble();
      assertTrue(weight >= before - 1e-3, "m2 is always right: " + weight);
      before = weight;
    }
    assertTrue(before > 0.45, "weight " + before);
    JsonObject answer = json(post("/v2/models/ensemble/infer", nodes(20, 21)));
    assertEquals(
        "[\"m1\",\"m2\",\"m3\"]",
        answer.getAsJsonObject("parameters").getAsJsonArray("models").toString());
    assertTrue(get("/metrics").body().contains("millrace_online_accuracy{model=\"ensemble\"}"));
    String many = IntStream.range(0, 1025).mapToObj(_ -> "1").collect(Collectors.joining(","));
    assertRefused(
        413,
        "too many nodes in a request: nodes=1025, max=1024",
        post("/v2/models/ensemble/feedback", "{\"nodes\":[" + many + "],\"labels\":[]}"));
    String once = "{\"id\":\"a1\"," + feedback.substring(1);
    before = weight(post("/v2/models/ensemble/feedback", once));
    assertEquals(before, weight(post("/v2/models/ensemble/feedback", once)), "not counted again");
    server.close();
    startEnsemble(state);
    HttpResponse<String> again =
        post("/v2/models/ensemble/feedback", "{\"nodes\":[],\"labels\":[]}");
    assertEquals(before, weight(again), 1e-9);
    assertEquals(before, weight(post("/v2/models/ensemble/feedback", once)), 1e-9, "nor later");
    assertTrue(weight(post("/v2/models/ensemble/feedback", feedback)) > before, "it has no id");
    assertRefused(
        400,
        "an id has 1 to 100 characters: length=101",
        post("/v2/models/ensemble/feedback", once.replace("a1", "x".repeat(101))));
    assertRefused(
        400,
        "feedback is for an ensemble: model=m1",
        post("/v2/models/m1/feedback", "{\"nodes\":[],\"labels\":[]}"));
  }

  private static double weight(HttpResponse<String> response) {
    return json(response).getAsJsonArray("weights").get(1).getAsDouble();
  }

  @Test
  @Tag("exhaustive")
  void exp3LearnsOnceFromEachAnswerThatItsDrawNames() {
    Path state = folder.resolve("exp3.json");
    startEnsemble(SelectionPolicy.EXP3, state);
    JsonObject answer = json(post("/v2/models/ensemble/infer", nodes(20)));
    JsonObject parameters = answer.getAsJsonObject("parameters");
    String model = parameters.getAsJsonArray("models").get(0).getAsString();
    String draw = parameters.get("draw").getAsString();
    int wrong = ((int) floats(answer, "prediction")[0] + 1) % TestModels.CLASSES;
    String path = "/v2/models/ensemble/feedback";
    assertRefused(
        400,
        "feedback needs a class per node: nodes=1, labels=2",
        post(path, "{\"draw\":\"" + draw + "\",\"labels\":[0,0]}"));
    String feedback = "{\"draw\":\"" + draw + "\",\"labels\":[" + wrong + "]}";
    JsonObject learned = json(post(path, feedback));
    double shrunk = Math.exp(-0.05 / (1 / 3.0)) / 3;
    double expected = 0.999 * shrunk / (shrunk + 2 / 3.0) + 0.001 / 3;
    int index = model.charAt(1) - '1';
    assertEquals(expected, learned.getAsJsonArray("weights").get(index).getAsDouble(), 1e-9);
    assertRefused(
        400,
        "no such draw, or it is judged already, or too old: draw=" + draw,
        post(path, feedback));
    assertRefused(
        400,
        "feedback to exp3 must name the draw that its answer bears",
        post(path, "{\"nodes\":[20],\"labels\":[0]}"));
    assertRefused(
        400, "no such class: label=3, classes=3", post(path, "{\"nodes\":[20],\"labels\":[3]}"));
  }

  @Test
  @Tag("exhaustive")
  void refusesAStateThatCannotBeWrittenOrRead() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "{}");
    BadInputException unwritable =
        assertThrows(
            BadInputException.class,
            () -> startEnsemble(SelectionPolicy.EXP4, file.resolve("state.json")));
    assertTrue(unwritable.getMessage().startsWith("cannot write the state: file="));
    server.close();
    BadInputException damaged =
        assertThrows(BadInputException.class, () -> startEnsemble(SelectionPolicy.EXP4, file));
    assertTrue(damaged.getMessage().startsWith("not the state of an ensemble: file="));
  }

  private void startEnsemble(Path state) {
    startEnsemble(SelectionPolicy.EXP4, state);
  }

  private void startEnsemble(SelectionPolicy policy, Path state) {
    server = PredictionServer.of(data, TestModels.settings(Mode.EXACT, LONG_MILLIS), 1 << 20);
    for (int seed = 1; seed <= 3; seed++) {
      server.add("m" + seed, folder.resolve("m" + seed), Optional.empty());
    }
    server.addEnsemble("ensemble", List.of("m1", "m2", "m3"), policy, Optional.of(state));
    address = server.start(ServerOptions.defaults());
  }

  /** What a model says about nodes 10 to 99. */
  private int[] classes(String name) {
    try (NodeScorer scorer =
        NodeScorer.builder(data, ModelFile.read(folder.resolve(name))).build()) {
      return scorer.score(IntStream.range(10, 100).toArray()).classes();
    }
  }

  private static String json(int[] values) {
    return java.util.Arrays.toString(values);
  }

  @Test
  void asksForTheTokenEverywhereButForHealthAndThePage() throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "correct horse\n");
    server = PredictionServer.of(data, TestModels.settings(Mode.SAMPLED, LONG_MILLIS), 0);
    server.add("m1", folder.resolve("m1"), Optional.empty());
    address = server.start(ServerOptions.defaults().token(AccessToken.read(file)));
    assertEquals(200, get("/v2/health/ready").statusCode());
    assertEquals(200, get("/").statusCode());
    assertRefused(401, "the token is missing or wrong: header=Authorization", get("/v2/models"));
    assertEquals(401, get("/metrics").statusCode());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address.resolve("/v2/models/m1/infer"))
            .header("Authorization", "Bearer correct horse");
    HttpResponse<String> response = send(request, nodes(1));
    assertEquals(200, response.statusCode());
    assertFalse(response.body().contains("error"));
  }
}
