package io.millrace.cli.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.millrace.cli.Millrace;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeCommandTest {
  private static final String BODY =
      "{\"inputs\":[{\"name\":\"nodes\",\"shape\":[2],\"datatype\":\"INT64\",\"data\":[7,42]}]}";

  @TempDir static Path folder;

  private static String at(String name) {
    return folder.resolve(name).toString();
  }

  private static String run(int exitCode, String... args) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Millrace.run(
            args,
            new PrintStream(new ByteArrayOutputStream()),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    String text = err.toString(StandardCharsets.UTF_8);
    assertEquals(exitCode, code, text);
    return text;
  }

  @BeforeAll
  static void train() {
    run(0, "generate", "planted", "--nodes", "300", "--out", at("data"), "--quiet");
    for (String model : List.of("mine", "other")) {
      run(
          0,
          "train",
          at("data"),
          "--epochs",
          "1",
          "--hidden",
          "8",
          "--layers",
          "2",
          "--fanout",
          "5,5",
          "--seed",
          Integer.toString(model.length()),
          "--save",
          at(model),
          "--quiet");
    }
    run(0, "infer", at("data"), "--model", at("mine"), "--out", at("all"), "--scores", "--quiet");
  }

  /** A server in a process of its own. */
  private record Served(Process process, URI address) implements AutoCloseable {
    static Served start(String... options) throws IOException {
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "@"
                      + System.getProperty("maven.multiModuleProjectDirectory")
                      + "/build/jvm.flags",
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Millrace.class.getName(),
                  "serve",
                  at("data"),
                  "--port",
                  "0",
                  "--slo-ms",
                  "20000",
                  "--drain-delay-s",
                  "0.2"));
      command.addAll(Arrays.asList(options));
      Process process =
          new ProcessBuilder(command).redirectError(folder.resolve("err").toFile()).start();
      BufferedReader out = process.inputReader();
      String line = out.readLine();
      assertTrue(line != null && line.startsWith("http://127.0.0.1:"), "first line: " + line);
      return new Served(process, URI.create(line));
    }

    HttpResponse<String> post(HttpClient client, String path)
        throws IOException, InterruptedException {
      return client.send(
          HttpRequest.newBuilder(address.resolve(path))
              .POST(HttpRequest.BodyPublishers.ofString(BODY))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  @Test
  @Tag("exhaustive")
  void answersUntilItIsToldToEndAndExitsWithZero() throws Exception {
    try (Served served = Served.start("--model", at("mine"), "--model", "b=" + at("other"));
        ExecutorService threads = Executors.newFixedThreadPool(3)) {
      List<Future<Integer>> clients = new ArrayList<>();
      CountDownLatch answered = new CountDownLatch(3);
      for (int c = 0; c < 3; c++) {
        String path = "/v2/models/" + (c == 0 ? "b" : "mine") + "/infer";
        clients.add(threads.submit(() -> requestsUntilRefused(served, path, answered)));
      }
      assertTrue(answered.await(60, TimeUnit.SECONDS), "each client has an answer");
      served.process.destroy(); // SIGTERM
      for (Future<Integer> client : clients) {
        assertTrue(client.get() > 0);
      }
      assertTrue(served.process.waitFor(60, TimeUnit.SECONDS));
      assertEquals(0, served.process.exitValue());
    }
  }

  /** Every answer is there: 200, and in the end 503. */
  private static int requestsUntilRefused(Served served, String path, CountDownLatch answered)
      throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int count = 0; ; count++) {
        HttpResponse<String> answer = served.post(client, path);
        if (answer.statusCode() == 503) {
          return count;
        }
        assertEquals(200, answer.statusCode(), answer.body());
        if (count == 0) {
          answered.countDown();
        }
      }
    }
  }

  @Test
  @Tag("exhaustive")
  void tableAnswersWhatExactComputes() throws Exception {
    float[] exact;
    float[] table;
    try (HttpClient client = HttpClient.newHttpClient();
        Served computing = Served.start("--model", at("mine"), "--mode", "exact");
        Served reading =
            Served.start("--model", at("mine"), "--mode", "table", "--table", at("all"))) {
      exact = probabilities(computing.post(client, "/v2/models/mine/infer").body());
      table = probabilities(reading.post(client, "/v2/models/mine/infer").body());
    }
    assertTrue(exact.length > 0);
    assertArrayEquals(exact, table, 1e-5f);
  }

  private static float[] probabilities(String answer) {
    List<JsonElement> outputs =
        JsonParser.parseString(answer).getAsJsonObject().getAsJsonArray("outputs").asList();
    List<JsonElement> values =
        outputs.stream()
            .map(JsonElement::getAsJsonObject)
            .filter(tensor -> tensor.get("name").getAsString().equals("probabilities"))
            .findFirst()
            .orElseThrow()
            .getAsJsonArray("data")
            .asList();
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).getAsFloat();
    }
    return floats;
  }

  @Test
  void refusesWhatCannotBeServedInOneLine() {
    String data = at("data");
    assertTrue(run(2, "serve", data, "--model", at("none")).contains("none"));
    assertTrue(
        run(2, "serve", data, "--model", at("mine"), "--mode", "table")
            .contains("mode table needs a folder of results: model=mine"));
    assertTrue(
        run(2, "serve", data, "--model", at("other"), "--mode", "table", "--table", at("all"))
            .contains("results are of another model or dataset"));
    assertTrue(
        run(2, "serve", data, "--model", at("mine"), "--device", "gpu")
            .contains("serve computes on the CPU: device=gpu"));
    assertTrue(
        run(2, "serve", data, "--model", at("mine"), "--queue", "9")
            .contains("the queue must hold a request: queue=9, max-nodes=1024"));
    assertTrue(
        run(2, "serve", data, "--model", at("mine"), "--port", "70000").contains("port=70000"));
    assertTrue(
        run(2, "serve", data, "--model", at("mine"), "--ensemble", "mine,zoe")
            .contains("model=zoe"));
    assertTrue(
        run(2, "serve", data, "--model", "a=" + at("mine"), "--model", "a=" + at("other"))
            .contains("two folders have the same name: name=a"));
  }

  @Test
  void refusesOptionsThatWouldHaveNoEffect() {
    assertIgnored(
        "the mode takes no such option: mode=sampled, option=--table", "--table", at("all"));
    assertIgnored(
        "the mode takes no such option: mode=exact, option=--fanout",
        "--mode",
        "exact",
        "--fanout",
        "5,5");
    assertIgnored(
        "the mode takes no such option: mode=table, option=--cache",
        "--mode",
        "table",
        "--table",
        at("all"),
        "--cache",
        "1m");
    assertIgnored("the option needs --ensemble: option=--state", "--state", at("state"));
    assertIgnored("the option needs --ensemble: option=--selection", "--selection", "exp3");
    assertIgnored(
        "a table is for a model that is served: name=zoe",
        "--mode",
        "table",
        "--model",
        at("other"),
        "--table",
        "zoe=" + at("all"));
    assertIgnored(
        "cannot write the state: file=",
        "--ensemble",
        "mine",
        "--state",
        folder.resolve("data/dataset.yaml/state").toString());
    assertIgnored(
        "a rate is 0 for no limit, or 0.001 to 1000000: maxRate=-1.0", "--max-rate", "-1");
  }

  private static void assertIgnored(String message, String... options) {
    List<String> args = new ArrayList<>(List.of("serve", at("data"), "--model", at("mine")));
    args.addAll(Arrays.asList(options));
    String error = run(2, args.toArray(String[]::new));
    assertTrue(error.contains(message), error);
    assertEquals(1, error.lines().count(), error);
  }
}
