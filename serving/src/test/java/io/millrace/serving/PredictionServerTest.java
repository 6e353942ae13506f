package io.millrace.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.millrace.datasets.overlay.NewNode;
import io.millrace.serving.models.AnswerRows;
import io.millrace.serving.models.ModelSettings.Mode;
import io.millrace.training.files.ModelFile;
import io.millrace.training.inference.ResultChunk;
import io.millrace.training.scoring.NodeScorer;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PredictionServerTest extends ServedModels {
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

  private float[] probabilities(int row, Object... asked) {
    float[] all = floats(json(post("/v2/models/m1/infer", nodes(asked))), "probabilities");
    return Arrays.copyOfRange(all, row * TestModels.CLASSES, (row + 1) * TestModels.CLASSES);
  }

  private static int best(float[] row) {
    return AnswerRows.best(row, row.length);
  }

  @Test
  void answerIsTheSameAloneInCompanyFromTheCacheAndAfterARestart() {
    for (Mode mode : List.of(Mode.SAMPLED, Mode.EXACT)) {
      start(mode, LONG_MILLIS);
      float[] alone = probabilities(0, 42);
      assertArrayEquals(alone, probabilities(0, 42), mode + ": from the cache");
      assertArrayEquals(alone, probabilities(1, 7, 42), mode + ": cached, next to a new one");
      server.close();
      start(mode, LONG_MILLIS);
      float[] company = probabilities(2, 3, 7, 42, 9, 41);
      server.close();
      start(mode, LONG_MILLIS);
      float[] restarted = probabilities(0, 42);
      server.close();
      assertArrayEquals(alone, company, CLOSE, mode + ": in company");
      assertArrayEquals(alone, restarted, CLOSE, mode + ": after a restart");
      assertEquals(best(alone), best(company));
      assertEquals(best(alone), best(restarted));
    }
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
}
