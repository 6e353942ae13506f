package io.millrace.cli.infer;

import io.millrace.datasets.GraphDataset;
import io.millrace.training.files.ModelInfo;
import io.millrace.training.inference.OutputOptions;
import picocli.CommandLine.Option;

/** Which files to write. */
final class ResultOptions {
  @Option(
      names = "--scores",
      description = "Also scores.npy: the probability of each class, float32 [n x classes].")
  private boolean scores;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      defaultValue = "0",
      description =
          "Also top_classes.npy and top_probabilities.npy [n x K], the most probable first.")
  private int topK;

  @Option(
      names = "--embeddings",
      description = "Also embeddings.npy: what enters the last layer, float32 [n x columns].")
  private boolean embeddings;

  @Option(
      names = "--csv",
      description =
          "Also predictions.csv: id, class and probability; with --top-k K of them; of targets id"
              + " and values.")
  private boolean csv;

  @Option(
      names = "--spreadsheet",
      description =
          "With --csv: names that a spreadsheet would compute, since they begin with =, +, - or @"
              + " and are no numbers, get an apostrophe in front.")
  private boolean spreadsheet;

  boolean embeddings() {
    return embeddings;
  }

  /** With the dataset's names of nodes, classes and targets in the csv, where it has them. */
  OutputOptions choice(GraphDataset data, ModelInfo info) {
    OutputOptions choice =
        OutputOptions.PREDICTIONS.scores(scores).topK(topK).csv(csv).spreadsheet(spreadsheet);
    if (info.targets() && data.hasTargets()) {
      choice = choice.classes(data.targets()::className);
    } else if (!info.targets() && data.hasLabels()) {
      choice = choice.classes(data.labels()::className);
    }
    return data.dictionary().isPresent() ? choice.ids(data.dictionary().get()::name) : choice;
  }
}
