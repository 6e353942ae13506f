package io.millrace.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.overlay.NewNode;
import io.millrace.serving.http.AccessToken;
import io.millrace.serving.models.ModelSettings;
import io.millrace.serving.models.ModelSettings.Mode;
import io.millrace.serving.selection.SelectionPolicy;
import io.millrace.training.files.ModelFile;
import io.millrace.training.inference.ResultChunk;
import io.millrace.training.scoring.NodeScorer;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class PredictionServerTest {
  private static final long LONG_MILLIS = 60_000;
  private static final float CLOSE = 1e-5f;

  @TempDir Path folder;

  private final GraphDataset data = TestModels.data();
  private final HttpClient client = HttpClient.newHttpClient();
  private PredictionServer server;
  private URI address;

  @BeforeEach
  void saveModels() {
    for (int seed = 1; seed <= 3; seed++) {
      TestModels.save(folder.resolve("m" + seed), seed);
    }
  }

  @AfterEach
  void close() {
    client.close();
    if (server != null) {
      server.close();
    }
  }

  private void start(Mode mode, long sloMillis) {
    server = PredictionServer.of(data, TestModels.settings(mode, sloMillis), 1 << 20);
    server.add("m1", folder.resolve("m1"), Optional.empty());
    address = server.start(ServerOptions.defaults().limits(100_000, 500));
  }

  private HttpResponse<String> post(String path, String body) {
    return send(HttpRequest.newBuilder(address.resolve(path)), body);
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String body) {
    try {
      return client.send(
          (body == null ? request : request.POST(HttpRequest.BodyPublishers.ofString(body)))
              .timeout(Duration.ofSeconds(60))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(address.resolve(path)), null);
  }

  private static String nodes(Object... ids) {
    boolean named = ids.length > 0 && ids[0] instanceof String;
    List<String> values = new ArrayList<>();
    for (Object id : ids) {
      values.add(named ? "\"" + id + "\"" : String.valueOf(id));
    }
    return """
    {"id":"42","inputs":[{"name":"nodes","shape":[%d],"datatype":"%s","data":%s}]}\
    """
        .formatted(ids.length, named ? "BYTES" : "INT64", values);
  }

  private static JsonObject json(HttpResponse<String> response) {
    return JsonParser.parseString(response.body()).getAsJsonObject();
  }

  private static float[] floats(JsonObject answer, String output) {
    for (JsonElement element : answer.getAsJsonArray("outputs")) {
      JsonObject tensor = element.getAsJsonObject();
      if (tensor.get("name").getAsString().equals(output)) {
        List<JsonElement> values = tensor.getAsJsonArray("data").asList();
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
          floats[i] = values.get(i).getAsFloat();
        }
        return floats;
      }
    }
    throw new AssertionError("no output " + output + " in " + answer);
  }

  private static void assertRefused(int status, String message, HttpResponse<String> response) {
    assertEquals(message, json(response).get("error").getAsString());
    assertEquals(status, response.statusCode());
  }

  @Test
  void answersExactlyAsTheScorerAloneInCompanyAndFromTheCache() {
    start(Mode.EXACT, LONG_MILLIS);
    try (NodeScorer scorer =
        NodeScorer.builder(data, ModelFile.read(folder.resolve("m1"))).embeddings(true).build()) {
      ResultChunk expected = scorer.score(7, 42, 9);
      JsonObject together = json(post("/v2/models/m1/infer", nodes(7, 42, 9)));
      assertEquals("42", together.get("id").getAsString());
      assertArrayEquals(expected.probabilities(), floats(together, "probabilities"), CLOSE);
      assertArrayEquals(expected.embeddings(), floats(together, "embedding"), CLOSE);
      for (int time = 0; time < 2; time++) {
        JsonObject alone = json(post("/v2/models/m1/versions/1/infer", nodes("node-42")));
        assertArrayEquals(expected.probabilities(1), floats(alone, "probabilities"), CLOSE);
        assertEquals(expected.predicted(1), (int) floats(alone, "prediction")[0]);
      }
      NewNode node = new NewNode(new float[] {1, -1, 0.5f, 2}, 7, 42);
      JsonObject unknown =
          json(
              post(
                  "/v2/models/m1/infer",
                  """
                  {"inputs":[
                   {"name":"features","shape":[1,4],"datatype":"FP32","data":[1,-1,0.5,2]},
                   {"name":"neighbors","shape":[2],"datatype":"BYTES","data":["node-7","node-42"]},
                   {"name":"neighbors_indptr","shape":[2],"datatype":"INT64","data":[0,2]}]}\
                  """));
      assertArrayEquals(
          scorer.scoreNew(List.of(node)).probabilities(), floats(unknown, "probabilities"), CLOSE);
    }
    String metrics = get("/metrics").body();
    assertTrue(metrics.contains("millrace_cache_hits_total 2.0"), metrics);
    assertTrue(metrics.contains("millrace_requests_total{code=\"200\",model=\"m1\"} 4.0"), metrics);
  }

  @Test
  void speaksTheProtocol() {
    start(Mode.SAMPLED, LONG_MILLIS);
    assertEquals("{\"live\":true}", get("/v2/health/live").body());
    assertEquals("{\"ready\":true}", get("/v2/health/ready").body());
    assertEquals("millrace", json(get("/v2")).get("name").getAsString());
    assertEquals("{\"models\":[\"m1\"]}", get("/v2/models").body());
    assertEquals("{\"name\":\"m1\",\"ready\":true}", get("/v2/models/m1/ready").body());
    assertTrue(get("/v2/models/m1").body().contains("\"platform\":\"millrace_pytorch\""));
    assertTrue(get("/").body().contains("<svg"));
    JsonObject answer =
        json(
            post(
                "/v2/models/m1/infer",
                nodes(1).replace("}]}", "}],\"outputs\":[{\"name\":\"class\"}]}")));
    assertEquals(1, answer.getAsJsonArray("outputs").size());
    assertTrue(List.of("red", "green", "blue").toString().contains(className(answer)));
  }

  private static String className(JsonObject answer) {
    return answer
        .getAsJsonArray("outputs")
        .get(0)
        .getAsJsonObject()
        .getAsJsonArray("data")
        .get(0)
        .getAsString();
  }

  @Test
  void refusesBadRequestsInOneLineAndLives() throws Exception {
    start(Mode.EXACT, LONG_MILLIS);
    assertRefused(400, "no such node: name=zoe", post("/v2/models/m1/infer", nodes("zoe")));
    assertRefused(
        400,
        "no such node: node=9007199254740993, numNodes=200",
        post("/v2/models/m1/infer", nodes(9007199254740993L)));
    assertRefused(404, "no such model: name=zoe", post("/v2/models/zoe/infer", nodes(1)));
    assertRefused(
        404,
        "no such version: model=m1, version=7",
        post("/v2/models/m1/versions/7/infer", nodes(1)));
    assertRefused(405, "wrong method: method=GET, use=POST", get("/v2/models/m1/infer"));
    assertRefused(404, "no such address: see=/v2", get("/v3"));
    assertRefused(
        413,
        "neighbourhood has too many edges: node=5, numNodes=1, maxEdges=1000",
        post("/v2/models/m1/infer", nodes(TestModels.HUB)));
    assertRefused(
        413,
        "the body is too large: maxBytes=100000",
        post("/v2/models/m1/infer", "7,".repeat(1 << 19)));
    assertRefused(
        413,
        "too many nodes in a request: nodes=501, max=500",
        post("/v2/models/m1/infer", nodes((Object[]) new Integer[501]).replace("null", "1")));
    Random random = new Random(1);
    byte[] valid = nodes(1, 2).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 300; i++) {
      byte[] damaged = valid.clone();
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(address.resolve("/v2/models/m1/infer"))
                  .POST(HttpRequest.BodyPublishers.ofByteArray(damaged))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertTrue(response.statusCode() < 500, response.body());
    }
    try (Socket slow = new Socket(address.getHost(), address.getPort())) {
      slow.getOutputStream().write("POST /v2/models/m1/infer HTTP/1.1\r\nContent-".getBytes());
      assertEquals(200, post("/v2/models/m1/infer", nodes(1)).statusCode());
    }
    assertEquals(200, get("/v2/health/ready").statusCode());
  }

  @Test
  void answersNothingThatComesTooLate() {
    start(Mode.SAMPLED, LONG_MILLIS);
    String hurried = nodes(1).replace("\"42\",", "\"42\",\"parameters\":{\"timeout_ms\":1},");
    int[] counts = new int[600];
    for (int i = 0; i < 50; i++) {
      HttpResponse<String> response = post("/v2/models/m1/infer", hurried.replace("[1]}", "[1]}"));
      counts[response.statusCode()]++;
    }
    assertEquals(50, counts[200] + counts[503] + counts[504]);
    assertEquals(200, post("/v2/models/m1/infer", nodes(1)).statusCode());
  }

  @Test
  void everyAnswerDuringReloadsIsWhollyOneVersions() throws Exception {
    start(Mode.EXACT, LONG_MILLIS);
    List<float[]> rows = new ArrayList<>();
    for (int seed = 1; seed <= 2; seed++) {
      try (NodeScorer scorer =
          NodeScorer.builder(data, ModelFile.read(folder.resolve("m" + seed))).build()) {
        rows.add(scorer.score(11, 12, 13).probabilities());
      }
    }
    AtomicBoolean ends = new AtomicBoolean();
    List<Future<Integer>> clients = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int c = 0; c < 4; c++) {
        clients.add(threads.submit(() -> countAnswers(ends, rows)));
      }
      for (int reload = 0; reload < 20; reload++) {
        Path source = folder.resolve("m" + (reload % 2 == 0 ? 2 : 1));
        if (reload == 0) {
          Files.createDirectories(folder.resolve("kept"));
          Files.copy(
              folder.resolve("m1/model.safetensors"), folder.resolve("kept/model.safetensors"));
        }
        Path from = reload % 2 == 0 ? source : folder.resolve("kept");
        ModelFile.read(from).save(folder.resolve("m1"));
        HttpResponse<String> response = post("/v2/repository/models/m1/load", "");
        assertEquals("{\"name\":\"m1\",\"version\":\"" + (reload + 2) + "\"}", response.body());
      }
      ends.set(true);
    }
    int answers = 0;
    for (Future<Integer> one : clients) {
      answers += one.get();
    }
    assertTrue(answers > 40, "answers " + answers);
  }

  private int countAnswers(AtomicBoolean ends, List<float[]> rows) {
    int answers = 0;
    while (!ends.get()) {
      HttpResponse<String> response = post("/v2/models/m1/infer", nodes(11, 12, 13));
      assertEquals(200, response.statusCode(), response.body());
      JsonObject answer = json(response);
      int version = answer.get("model_version").getAsInt();
      float[] expected = rows.get(version % 2 == 1 ? 0 : 1);
      assertArrayEquals(expected, floats(answer, "probabilities"), CLOSE, "version " + version);
      answers++;
    }
    return answers;
  }

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
        ("POST /v2/models/m1/infer HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: "
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
    server.close();
    startEnsemble(state);
    HttpResponse<String> again =
        post("/v2/models/ensemble/feedback", "{\"nodes\":[],\"labels\":[]}");
    assertEquals(before, json(again).getAsJsonArray("weights").get(1).getAsDouble(), 1e-9);
    assertRefused(
        400,
        "feedback is for an ensemble: model=m1",
        post("/v2/models/m1/feedback", "{\"nodes\":[],\"labels\":[]}"));
  }

  private void startEnsemble(Path state) {
    server = PredictionServer.of(data, TestModels.settings(Mode.EXACT, LONG_MILLIS), 1 << 20);
    for (int seed = 1; seed <= 3; seed++) {
      server.add("m" + seed, folder.resolve("m" + seed), Optional.empty());
    }
    server.addEnsemble(
        "ensemble", List.of("m1", "m2", "m3"), SelectionPolicy.EXP4, Optional.of(state));
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
