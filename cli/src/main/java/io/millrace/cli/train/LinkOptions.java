package io.millrace.cli.train;

import io.millrace.BadInputException;
import io.millrace.cli.command.EnumOptions;
import io.millrace.datasets.links.HeldOutLinks;
import io.millrace.datasets.links.TimeSplit;
import io.millrace.sampler.link.Negatives;
import io.millrace.training.link.Decoder;
import io.millrace.training.link.LinkObjective;
import io.millrace.training.metrics.AnswerKind;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of the task, from which a {@link LinkObjective} is made. */
final class LinkOptions {
  @Option(
      names = "--task",
      paramLabel = "node|link|regression",
      defaultValue = "node",
      description =
          "node: classes of nodes; link: which nodes are linked, with a dataset of split-edges or"
              + " --by-time; regression: targets of nodes, which are numbers (default:"
              + " ${DEFAULT-VALUE}).")
  private TaskKind task;

  @Option(
      names = "--by-time",
      description =
          "Link: learn the earliest 70 %% of the edges, which have times, each from what came"
              + " before it; validate on the next 15 %% and test on the last.")
  private boolean byTime;

  @Option(
      names = "--negatives",
      paramLabel = "destination|uniform|in-batch",
      description =
          "Link: pairs without an edge: the source with another destination, two other nodes, or,"
              + " with a softmax loss, the destinations of the batch (default: destination).")
  private Optional<Negatives.Kind> negatives = Optional.empty();

  @Option(
      names = "--num-negatives",
      paramLabel = "N",
      description = "Link: negatives of each link (default: 1).")
  private Optional<Integer> numNegatives = Optional.empty();

  @Option(
      names = "--lenient",
      description = "Link: do not check whether a negative is an edge of the graph.")
  private boolean lenient;

  @Option(
      names = "--see-targets",
      description =
          "Link: leave the links that a batch predicts in its graph. For comparison only: the"
              + " model learns to look them up.")
  private boolean seeTargets;

  @Option(
      names = "--embedding-dim",
      paramLabel = "N",
      description = "Link: values of a node's embedding (default: " + LinkObjective.DIM + ").")
  private Optional<Integer> dim = Optional.empty();

  @Option(
      names = "--decoder",
      paramLabel = "dot|mlp",
      description =
          "Link: what makes the score of a pair of the embeddings of its nodes: their dot product,"
              + " or a multilayer perceptron on the products of their values, which is learned, too"
              + " (default: dot).")
  private Optional<Decoder> decoder = Optional.empty();

  boolean isLink() {
    return task == TaskKind.LINK;
  }

  boolean isRegression() {
    return task == TaskKind.REGRESSION;
  }

  /** As far as it matters for what is usual: several labels have what classes have. */
  AnswerKind answers() {
    return switch (task) {
      case NODE -> AnswerKind.CLASSES;
      case LINK -> AnswerKind.LINKS;
      case REGRESSION -> AnswerKind.TARGETS;
    };
  }

  /**
   * What is to be learned of links; empty for other tasks.
   *
   * @param directory of the dataset
   * @throws BadInputException if an option does not fit the task, or the dataset has no held-out
   *     links
   */
  Optional<LinkObjective> objective(Path directory, int numNodes) {
    if (!isLink()) {
      requireNone();
      return Optional.empty();
    }
    Negatives chosen =
        new Negatives(
            negatives.orElse(Negatives.Kind.DESTINATION), numNegatives.orElse(1), !lenient);
    LinkObjective links =
        byTime
            ? LinkObjective.byTime(TimeSplit.DEFAULT)
            : LinkObjective.of(HeldOutLinks.read(directory, numNodes));
    return Optional.of(
        links
            .negatives(chosen)
            .excludeTargets(!seeTargets)
            .dim(dim.orElse(LinkObjective.DIM))
            .decoder(decoder.orElse(Decoder.DOT)));
  }

  /** Refuses link prediction for a command that has none. */
  void requireNodes(String command) {
    if (isLink()) {
      throw BadInputException.of(
          command + " takes trainings of nodes only", "--task", EnumOptions.label(task));
    }
    requireNone();
  }

  private void requireNone() {
    if (negatives.isPresent()
        || numNegatives.isPresent()
        || lenient
        || seeTargets
        || byTime
        || dim.isPresent()
        || decoder.isPresent()) {
      throw BadInputException.of(
          "--by-time, --negatives, --num-negatives, --lenient, --see-targets, --embedding-dim and"
              + " --decoder are for links",
          "--task",
          EnumOptions.label(task));
    }
  }

  /** The options for JSON, with the values that are used; none for classes of nodes. */
  Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    if (isRegression()) {
      settings.put("task", "regression");
    }
    if (isLink()) {
      settings.put("task", "link");
      settings.put("by_time", byTime);
      settings.put("negatives", EnumOptions.label(negatives.orElse(Negatives.Kind.DESTINATION)));
      settings.put("num_negatives", numNegatives.orElse(1));
      settings.put("lenient", lenient);
      settings.put("see_targets", seeTargets);
      settings.put("embedding_dim", dim.orElse(LinkObjective.DIM));
      settings.put("decoder", EnumOptions.label(decoder.orElse(Decoder.DOT)));
    }
    return settings;
  }
}
