package io.millrace.training.inference;

import io.millrace.BadInputException;
import io.millrace.training.files.ModelInfo;
import java.util.Objects;
import java.util.function.IntFunction;

/**
 * The files that an inference writes in addition to {@code predictions.npy} (int32 {@code [n]}: the
 * most probable class; with several labels per node int8 {@code [n x labels]}; of a model of
 * targets float32 {@code [n x targets]}, their values) and {@code manifest.json}. Immutable; each
 * setter gives a changed copy.
 *
 * @param scores {@code scores.npy}, float32 {@code [n x classes]}: the probability of each class
 * @param topK with k above 0, {@code top_classes.npy} int32 and {@code top_probabilities.npy}
 *     float32 {@code [n x k]}, the most probable first
 * @param csv {@code predictions.csv}: id, class and probability of each node; with topK, k classes
 *     and probabilities; of a model of targets their values
 * @param spreadsheet whether names in the csv that a spreadsheet would compute, because they begin
 *     with =, +, - or @ and are no numbers, get an apostrophe in front
 * @param ids ids of the nodes in the csv
 * @param classes names of the classes, or of the targets, in the csv
 */
public record OutputOptions(
    boolean scores,
    int topK,
    boolean csv,
    boolean spreadsheet,
    IntFunction<String> ids,
    IntFunction<String> classes) {
  /** Only {@code predictions.npy}, and embeddings if the inference has them. */
  public static final OutputOptions PREDICTIONS =
      new OutputOptions(false, 0, false, false, Integer::toString, Integer::toString);

  public OutputOptions {
    Objects.requireNonNull(ids, "ids");
    Objects.requireNonNull(classes, "classes");
    if (topK < 0) {
      throw BadInputException.of("the number of classes to write must be positive", "topK", topK);
    }
  }

  public OutputOptions scores(boolean value) {
    return new OutputOptions(value, topK, csv, spreadsheet, ids, classes);
  }

  public OutputOptions topK(int value) {
    return new OutputOptions(scores, value, csv, spreadsheet, ids, classes);
  }

  /**
   * Whether to write the csv; by default its node ids are those of the graph, and its classes are
   * numbers.
   */
  public OutputOptions csv(boolean value) {
    return new OutputOptions(scores, topK, value, spreadsheet, ids, classes);
  }

  /** Whether names in the csv that a spreadsheet would compute get an apostrophe in front. */
  public OutputOptions spreadsheet(boolean value) {
    return new OutputOptions(scores, topK, csv, value, ids, classes);
  }

  /** Sets the node ids to write in the csv, for instance those of the user's data. */
  public OutputOptions ids(IntFunction<String> value) {
    return new OutputOptions(scores, topK, csv, spreadsheet, value, classes);
  }

  /** Sets the names of the classes to write in the csv. */
  public OutputOptions classes(IntFunction<String> value) {
    return new OutputOptions(scores, topK, csv, spreadsheet, ids, value);
  }

  /**
   * @throws BadInputException if probabilities are asked of a model that predicts numbers
   */
  void requireFits(ModelInfo info) {
    if (info.targets() && (scores || topK > 0)) {
      throw BadInputException.of(
          "a model of targets has no probabilities of classes", "scores", scores, "topK", topK);
    }
  }

  /** The number of columns of the most probable classes, never more than there are classes. */
  int numTop(int numClasses) {
    return Math.min(topK, numClasses);
  }

  /** The bytes that the files take on disk, an estimate where they are text. */
  long bytes(InferenceResults results) {
    long perNode =
        predictionBytes(results)
            + (results.isAllNodes() ? 0 : Integer.BYTES)
            + (scores ? (long) results.numClasses() * Float.BYTES : 0)
            + (long) numTop(results.numClasses()) * (Integer.BYTES + Float.BYTES)
            + (long) results.embeddingDim() * Float.BYTES
            + (csv ? 16L * (1 + csvColumns(results)) : 0);
    return results.numNodes() * perNode;
  }

  private int csvColumns(InferenceResults results) {
    int numClasses = results.numClasses();
    return results.isTargets() ? numClasses : Math.max(1, numTop(numClasses));
  }

  private static long predictionBytes(InferenceResults results) {
    if (results.isTargets()) {
      return (long) results.numClasses() * Float.BYTES;
    }
    return results.isMultiLabel() ? results.numClasses() : Integer.BYTES;
  }
}
