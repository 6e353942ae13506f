package io.millrace.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.millrace.datasets.overlay.NewNode;
import io.millrace.serving.models.ModelSettings.Mode;
import io.millrace.training.files.ModelFile;
import io.millrace.training.inference.ResultChunk;
import io.millrace.training.scoring.NodeScorer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A model is replaced again and again while clients ask for known and new nodes. */
class ReloadTest extends ServedModels {
  private static final int RELOADS = 20;
  private static final int ANSWERS = 10_000;
  private static final int CLIENTS = 4;
  private static final float[] FEATURES = {1, -1, 0.5f, 2};
  private static final String NEW_NODE =
      """
      {"inputs":[
       {"name":"features","shape":[1,4],"datatype":"FP32","data":[1,-1,0.5,2]},
       {"name":"neighbors","shape":[2],"datatype":"INT64","data":[7,42]},
       {"name":"neighbors_indptr","shape":[2],"datatype":"INT64","data":[0,2]}]}\
      """;

  private final AtomicInteger answers = new AtomicInteger();

  /** What one of the two models says. */
  private record Expected(float[][] rows, float[] newRow) {}

  @Tag("exhaustive")
  @Test
  void everyOneOfTenThousandAnswersIsWhollyOneVersions() throws Exception {
    start(Mode.EXACT, LONG_MILLIS);
    Files.createDirectories(folder.resolve("kept"));
    Files.copy(folder.resolve("m1/model.safetensors"), folder.resolve("kept/model.safetensors"));
    List<Path> folders = List.of(folder.resolve("kept"), folder.resolve("m2"));
    List<Expected> expected = folders.stream().map(this::expected).toList();
    List<Future<?>> clients = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      for (int c = 0; c < CLIENTS; c++) {
        Random random = new Random(c);
        clients.add(
            threads.submit(
                () -> {
                  while (answers.get() < ANSWERS) {
                    check(random, expected);
                  }
                }));
      }
      for (int reload = 1; reload <= RELOADS; reload++) {
        while (answers.get() < ANSWERS * reload / (RELOADS + 1) && !failed(clients)) {
          Thread.sleep(1);
        }
        ModelFile.read(folders.get(reload % 2)).save(folder.resolve("m1"));
        HttpResponse<String> response = post("/v2/repository/models/m1/load", "");
        assertEquals("{\"name\":\"m1\",\"version\":\"" + (reload + 1) + "\"}", response.body());
      }
    }
    for (Future<?> client : clients) {
      client.get();
    }
    assertTrue(answers.get() >= ANSWERS);
    assertRefused(
        404,
        "no such version: model=m1, version=3",
        post("/v2/models/m1/versions/3/infer", nodes(1)));
    server.close();
    long until = System.nanoTime() + 10_000_000_000L; // a thread ends a little after its work
    while (!threadsOfBatches().isEmpty() && System.nanoTime() < until) {
      Thread.sleep(5);
    }
    assertEquals(List.of(), threadsOfBatches(), "each version is freed");
  }

  private static boolean failed(List<Future<?>> clients) {
    return clients.stream().anyMatch(Future::isDone);
  }

  private static List<String> threadsOfBatches() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.equals("millrace-batches-m1") || name.startsWith("millrace-frees"))
        .toList();
  }

  private Expected expected(Path model) {
    try (NodeScorer scorer = NodeScorer.builder(data, ModelFile.read(model)).build()) {
      float[][] rows = new float[TestModels.NODES][];
      for (int v = 0; v < rows.length; v++) {
        rows[v] = v == TestModels.HUB ? new float[0] : scorer.score(v).probabilities();
      }
      ResultChunk unknown = scorer.scoreNew(List.of(new NewNode(FEATURES, 7, 42)));
      return new Expected(rows, unknown.probabilities());
    }
  }

  /** A request of one to eight nodes, by id or by name, or of a new one. */
  private void check(Random random, List<Expected> expected) {
    boolean unknown = random.nextInt(4) == 0;
    int[] ids = IntStream.range(0, 1 + random.nextInt(8)).map(_ -> node(random)).toArray();
    Object[] given =
        random.nextBoolean()
            ? Arrays.stream(ids).mapToObj(id -> "node-" + id).toArray()
            : Arrays.stream(ids).boxed().toArray();
    HttpResponse<String> response = post("/v2/models/m1/infer", unknown ? NEW_NODE : nodes(given));
    assertEquals(200, response.statusCode(), response.body());
    JsonObject answer = json(response);
    int version = answer.get("model_version").getAsInt();
    Expected of = expected.get((version + 1) % 2);
    float[] found = floats(answer, "probabilities");
    if (unknown) {
      assertArrayEquals(of.newRow(), found, CLOSE, "version " + version);
    } else {
      int classes = TestModels.CLASSES;
      for (int i = 0; i < ids.length; i++) {
        float[] row = Arrays.copyOfRange(found, i * classes, (i + 1) * classes);
        assertArrayEquals(of.rows()[ids[i]], row, CLOSE, "version " + version);
      }
    }
    answers.incrementAndGet();
  }

  private static int node(Random random) {
    int node = random.nextInt(TestModels.NODES);
    return node == TestModels.HUB ? 0 : node;
  }

  @Test
  void keepsTheOldVersionIfTheNewOneDoesNotFit() throws IOException {
    start(Mode.EXACT, LONG_MILLIS);
    float[] before = floats(json(post("/v2/models/m1/infer", nodes(7))), "probabilities");
    Files.writeString(folder.resolve("m1/model.safetensors"), "damaged");
    HttpResponse<String> response = post("/v2/repository/models/m1/load", "");
    assertEquals(400, response.statusCode(), response.body());
    assertFalse(json(response).get("error").getAsString().contains("\n"));
    JsonObject answer = json(post("/v2/models/m1/infer", nodes(7)));
    assertEquals("1", answer.get("model_version").getAsString());
    assertArrayEquals(before, floats(answer, "probabilities"), CLOSE);
  }
}
