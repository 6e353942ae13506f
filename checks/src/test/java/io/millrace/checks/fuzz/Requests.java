package io.millrace.checks.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.serving.PredictionServer;
import io.millrace.serving.ServerOptions;
import io.millrace.serving.models.ModelSettings;
import io.millrace.serving.protocol.InferRequest;
import io.millrace.serving.protocol.RequestException;
import io.millrace.serving.selection.SelectionPolicy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What a server reads: requests, feedback, results, the weights of an ensemble. */
final class Requests {
  private static final String STATE =
      "{\"models\": [\"a\", \"b\"], \"weights\": [0.75, 0.25], \"right\": 7, \"judged\": 9}\n";
  private static final String REQUEST =
      """
      {"id": "a", "parameters": {"timeout_ms": 5}, "outputs": [{"name": "probabilities"}],
       "inputs": [
        {"name": "features", "datatype": "FP32", "shape": [2, 2], "data": [[1, 0], [0.5, -1e3]]},
        {"name": "neighbors", "datatype": "INT64", "shape": [3], "data": [0, 1, 5]},
        {"name": "neighbors_indptr", "datatype": "INT64", "shape": [3], "data": [0, 1, 3]}]}
      """;

  private static final int MAX_NODES = 100;
  private static final String FEEDBACK =
      """
      {"nodes": [0, 2],
       "labels": [1, 0]}
      """;

  private final GraphDataset data;
  private final Path model;
  private final Path results;

  /**
   * @param model of the dataset
   * @param results of an inference with it, with scores
   */
  Requests(GraphDataset data, Path model, Path results) {
    this.data = data;
    this.model = model;
    this.results = results;
  }

  List<Subject> subjects() throws IOException {
    return List.of(
        Commands.file(
            "request", Commands.text("request.json", REQUEST), (in, _) -> readRequest(in)),
        Commands.file("feedback", Commands.text("f.json", FEEDBACK), (in, _) -> giveFeedback(in)),
        new Subject(
            "results",
            Folder.read(results),
            false,
            (in, _) -> server(in, Optional.empty()).close()),
        Commands.file(
            "ensemble",
            Commands.text("e.json", STATE),
            (in, _) -> server(results, Optional.of(in)).close()));
  }

  private static byte[] body(Path in) throws IOException {
    if (!Files.isRegularFile(in)) {
      throw BadInputException.of("no request", "file", in);
    }
    return Files.readAllBytes(in);
  }

  private static void readRequest(Path in) throws IOException {
    try {
      InferRequest.parse(body(in), MAX_NODES);
    } catch (RequestException e) {
      Sealed.require(e.status() / 100 == 4, e.status() + ": " + e.getMessage());
      throw new BadInputException(e.getMessage() + ", file=" + in, e);
    }
  }

  /** To a server on loopback. */
  private void giveFeedback(Path in) throws Exception {
    byte[] body = body(in);
    try (PredictionServer server = server(results, Optional.empty());
        HttpClient client = HttpClient.newHttpClient()) {
      URI address = server.start(ServerOptions.defaults()).resolve("/v2/models/both/feedback");
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(address)
                  .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString(UTF_8));
      String what = answer.statusCode() + ": " + answer.body().strip();
      Sealed.require(answer.statusCode() == 200 || answer.statusCode() / 100 == 4, what);
      if (answer.statusCode() != 200) {
        throw new BadInputException(what + ", file=" + in);
      }
    }
  }

  /** Loads two models that answer from results, without listening. */
  private PredictionServer server(Path table, Optional<Path> state) {
    ModelSettings settings =
        new ModelSettings(
            1_000_000,
            ModelSettings.Mode.TABLE,
            Optional.empty(),
            0,
            false,
            OptionalLong.of(1000),
            10,
            0,
            4,
            1,
            1);
    PredictionServer server = PredictionServer.of(data, settings, 1 << 16);
    try {
      server.add("a", model, Optional.of(table));
      server.add("b", model, Optional.of(table));
      server.addEnsemble("both", List.of("a", "b"), SelectionPolicy.EXP4, state);
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }
}
