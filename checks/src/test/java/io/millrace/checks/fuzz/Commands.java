package io.millrace.checks.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.BadInputException;
import io.millrace.cli.CommandRun;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeDictionary;
import io.millrace.datasets.NumpyFiles;
import io.millrace.datasets.links.HeldOutLinks;
import io.millrace.training.files.ObjectiveText;
import io.millrace.training.metrics.AnswerKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What commands read next to a dataset and a model: held-out links, pairs, seeds, times, the
 * settings that {@code tune} has found, saved trainings, classes of the user's own.
 */
final class Commands {
  private static final String NPY = "ids.npy";
  private static final String SETTINGS =
      "{\"--workers\": \"1\", \"--compute-threads\": \"1\", \"--slots\": \"3\"}\n";
  private static final String OBJECTIVE =
      "io.millrace.checks.docs.OwnObjective$Focal{\"gamma\":2.0}\n"
          + "io.millrace.checks.docs.OwnObjective$TopK{\"k\":1}\n"
          + "io.millrace.checks.docs.OwnObjective$Polynomial{\"numEpochs\":3,\"power\":0.5}\n";

  private final Path dataset;
  private final GraphDataset data;
  private final Path links;
  private final Path model;
  private final Path pairModel;
  private final Path results;
  private final Path seeds;

  /**
   * @param dataset the directory of {@code data}, which has features, labels, names and nodes to
   *     train on
   * @param root an empty folder, for what has to be made
   */
  Commands(Path dataset, GraphDataset data, Path root) throws IOException {
    this.dataset = dataset;
    this.data = data;
    links = root.resolve("links");
    model = root.resolve("model");
    pairModel = root.resolve("pair-model");
    results = root.resolve("results");
    seeds = root.resolve(NPY);
    npy("<i8").writeTo(root);
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
        file("times", npy("<i8"), this::sampleAtTimes),
        file("objective", text("o.txt", OBJECTIVE), (in, _) -> readObjective(in)));
  }

  /** A trained model of the dataset. */
  Path model() {
    return model;
  }

  /** What an inference with it has left, with scores. */
  Path results() {
    return results;
  }

  private int numNodes() {
    return data.graph().numNodes();
  }

  /** The spaces align the data, as numpy does. */
  private static Folder npy(String dtype) {
    return Folder.empty().with(NPY, NumpyFiles.npy(dtype, false, "3,    ", 0, 3, 2));
  }

  static Folder text(String name, String text) {
    return Folder.empty().with(name, text);
  }

  /** The reader takes the only file of the folder. */
  static Subject file(String name, Folder folder, Subject.Reader reader) {
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
    sample(out, "--seeds", in);
  }

  /** The seeds are three. */
  private void sampleAtTimes(Path in, Path out) throws IOException {
    sample(out, "--seeds", seeds, "--times", in);
  }

  private void sample(Path out, Object... more) throws IOException {
    Path target = Files.createDirectory(out).resolve("batches.npz");
    List<Object> args = new ArrayList<>(List.of("sample", dataset, "--out", target));
    args.addAll(List.of("--fanout", "2,2", "--batch-size", 2));
    args.addAll(Arrays.asList(more));
    try {
      run(args.toArray());
    } catch (BadInputException e) {
      Files.delete(out); // nothing is in it
      throw e;
    }
  }

  private static void report(Path in, Path out) {
    run("report", in, "--out", out);
  }

  /** The lines are a loss, a metric and a schedule, as {@code train} takes them. */
  private static void readObjective(Path in) throws IOException {
    if (!Files.isRegularFile(in)) {
      throw BadInputException.of("no objective", "file", in);
    }
    List<String> lines = List.of(new String(Files.readAllBytes(in), UTF_8).split("\n", 3));
    try {
      ObjectiveText.loss(lines.get(0)).fits(AnswerKind.CLASSES);
      ObjectiveText.metric(lines.size() > 1 ? lines.get(1) : "").newMeter();
      ObjectiveText.schedule(lines.size() > 2 ? lines.get(2).strip() : "", List.of()).factor(0, 1);
    } catch (BadInputException e) {
      throw new BadInputException(e.getMessage() + ", file=" + in, e);
    }
  }
}
