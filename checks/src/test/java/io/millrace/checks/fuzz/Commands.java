package io.millrace.checks.fuzz;

import io.millrace.BadInputException;
import io.millrace.cli.CommandRun;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeDictionary;
import io.millrace.datasets.NumpyFiles;
import io.millrace.datasets.links.HeldOutLinks;
import io.millrace.serving.PredictionServer;
import io.millrace.serving.models.ModelSettings;
import io.millrace.serving.protocol.InferRequest;
import io.millrace.serving.protocol.RequestException;
import io.millrace.serving.selection.SelectionPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What commands read next to a dataset and a model: held-out links, pairs, seeds, the settings that
 * {@code tune} has found, saved trainings; and what a server reads: requests, results, the weights
 * of an ensemble.
 */
final class Commands {
  private static final String NPY = "ids.npy";
  private static final int MAX_NODES = 100;
  private static final String SETTINGS =
      "{\"--workers\": \"1\", \"--compute-threads\": \"1\", \"--slots\": \"3\"}\n";
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

  private final Path dataset;
  private final GraphDataset data;
  private final Path links;
  private final Path model;
  private final Path pairModel;
  private final Path results;

  /**
   * @param dataset the directory of {@code data}, which has features, labels, names and nodes to
   *     train on
   * @param root an empty folder, for what has to be made
   */
  Commands(Path dataset, GraphDataset data, Path root) {
    this.dataset = dataset;
    this.data = data;
    links = root.resolve("links");
    model = root.resolve("model");
    pairModel = root.resolve("pair-model");
    results = root.resolve("results");
    run("split-edges", dataset, "--out", links, "--valid", 0.2, "--test", 0.2);
    fit(dataset, "--save", model);
    fit(links, "--save", pairModel, "--task", "link");
    run("infer", dataset, "--model", model, "--out", results, "--scores");
  }

  List<Subject> subjects() throws IOException {
    Folder split = Folder.empty();
    for (Map.Entry<String, byte[]> file : Folder.read(links).files().entrySet()) {
      split =
          file.getKey().startsWith("links/") ? split.with(file.getKey(), file.getValue()) : split;
    }
    NodeDictionary names = data.dictionary().orElseThrow();
    String ids = names.name(2) + "\n" + names.name(0) + "\n";
    Folder pairs = Folder.empty().with(NPY, split.files().get("links/test.npy"));
    return List.of(
        new Subject("held-out links", split, false, (in, _) -> HeldOutLinks.read(in, numNodes())),
        file("pairs", pairs, (in, out) -> infer(links, pairModel, out, "--pairs", in)),
        file("seeds", npy("<i8"), this::sample),
        file("seeds, text", text("seeds.txt", ids), this::sample),
        file("nodes", npy("<i4"), (in, out) -> infer(dataset, model, out, "--nodes", in)),
        file("settings", text("s.json", SETTINGS), (in, _) -> tuned(in)),
        new Subject("saved training", Folder.read(model), false, Commands::report),
        file("request", text("request.json", REQUEST), (in, _) -> readRequest(in)),
        new Subject("results", Folder.read(results), false, (in, _) -> serve(in, Optional.empty())),
        file("ensemble", text("e.json", STATE), (in, _) -> serve(results, Optional.of(in))));
  }

  private int numNodes() {
    return data.graph().numNodes();
  }

  /** The spaces align the data, as numpy does. */
  private static Folder npy(String dtype) {
    return Folder.empty().with(NPY, NumpyFiles.npy(dtype, false, "3,    ", 0, 3, 2));
  }

  private static Folder text(String name, String text) {
    return Folder.empty().with(name, text);
  }

  /** The reader takes the only file of the folder. */
  private static Subject file(String name, Folder folder, Subject.Reader reader) {
    String path = folder.files().keySet().iterator().next();
    return new Subject(name, folder, false, (in, out) -> reader.read(in.resolve(path), out));
  }

  /** Runs a command, which must succeed or refuse in one line. */
  private static void run(Object... args) {
    List<Object> all = new ArrayList<>(Arrays.asList(args));
    all.addAll(List.of("--quiet", "--device", "cpu"));
    CommandRun run = CommandRun.of(all.toArray());
    String start = "millrace: ";
    if (run.exitCode() == 2 && run.err().startsWith(start) && run.err().lines().count() == 1) {
      throw new BadInputException(run.err().substring(start.length()).strip());
    }
    Sealed.require(run.exitCode() == 0, run.toString());
  }

  private static void fit(Path dataset, Object... more) {
    List<Object> args = new ArrayList<>(List.of("train", dataset, "--epochs", 1, "--hidden", 4));
    args.addAll(List.of("--fanout", "2,2", "--batch-size", 4));
    args.addAll(Arrays.asList(more));
    run(args.toArray());
  }

  /** A number that is too large is refused by the rule of its option, which names no file. */
  private void tuned(Path in) {
    try {
      fit(dataset, "--settings", in);
    } catch (BadInputException e) {
      throw new BadInputException(e.getMessage() + ", settings=" + in, e);
    }
  }

  private static void infer(Path dataset, Path model, Path out, String option, Path in) {
    run("infer", dataset, "--model", model, "--out", out, option, in);
  }

  private void sample(Path in, Path out) throws IOException {
    Path target = Files.createDirectory(out).resolve("batches.npz");
    try {
      run("sample", dataset, "--seeds", in, "--fanout", "2,2", "--batch-size", 2, "--out", target);
    } catch (BadInputException e) {
      Files.delete(out); // nothing is in it
      throw e;
    }
  }

  private static void report(Path in, Path out) {
    run("report", in, "--out", out);
  }

  private static void readRequest(Path in) throws IOException {
    if (!Files.isRegularFile(in)) {
      throw BadInputException.of("no request", "file", in);
    }
    try {
      InferRequest.parse(Files.readAllBytes(in), MAX_NODES);
    } catch (RequestException e) {
      Sealed.require(e.status() / 100 == 4, e.status() + ": " + e.getMessage());
      throw new BadInputException(e.getMessage() + ", file=" + in, e);
    }
  }

  /** Loads two models that answer from results, without listening. */
  private void serve(Path table, Optional<Path> state) {
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
    try (PredictionServer server = PredictionServer.of(data, settings, 1 << 16)) {
      server.add("a", model, Optional.of(table));
      server.add("b", model, Optional.of(table));
      server.addEnsemble("both", List.of("a", "b"), SelectionPolicy.EXP4, state);
    }
  }
}
