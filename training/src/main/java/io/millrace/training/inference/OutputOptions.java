package io.millrace.training.inference;

import io.millrace.BadInputException;
import java.util.Objects;
import java.util.function.IntFunction;

/**
 * Which files an inference writes, beside {@code predictions.npy} (int32 {@code [n]}: the most
 * probable class; of several labels int8 {@code [n x labels]}) and {@code manifest.json}.
 * Immutable; each setter gives a changed copy.
 *
 * @param scores {@code scores.npy}, float32 {@code [n x classes]}: the probability of each class
 * @param topK with k above 0, {@code top_classes.npy} int32 and {@code top_probabilities.npy}
 *     float32 {@code [n x k]}, the most probable first
 * @param csv {@code predictions.csv}: id, class and probability of each node; k of them with topK
 * @param ids of the nodes in the csv
 * @param classes names of the classes in the csv
 */
public record OutputOptions(
    boolean scores, int topK, boolean csv, IntFunction<String> ids, IntFunction<String> classes) {
  /** {@code predictions.npy} alone, and embeddings if the inference has them. */
  public static final OutputOptions PREDICTIONS =
      new OutputOptions(false, 0, false, Integer::toString, Integer::toString);

  public OutputOptions {
    Objects.requireNonNull(ids, "ids");
    Objects.requireNonNull(classes, "classes");
    if (topK < 0) {
      throw BadInputException.of("the number of classes to give must be positive", "topK", topK);
    }
  }

  public OutputOptions scores(boolean value) {
    return new OutputOptions(value, topK, csv, ids, classes);
  }

  public OutputOptions topK(int value) {
    return new OutputOptions(scores, value, csv, ids, classes);
  }

  /** With node ids as they are in the graph, and classes by their numbers. */
  public OutputOptions csv(boolean value) {
    return new OutputOptions(scores, topK, value, ids, classes);
  }

  /** With ids of the user's own in the csv. */
  public OutputOptions ids(IntFunction<String> value) {
    return new OutputOptions(scores, topK, csv, value, classes);
  }

  /** With names of the classes in the csv. */
  public OutputOptions classes(IntFunction<String> value) {
    return new OutputOptions(scores, topK, csv, ids, value);
  }

  /** Columns of the most probable classes, never more than there are classes. */
  int numTop(int numClasses) {
    return Math.min(topK, numClasses);
  }

  /** What the files take on disk, roughly where they are text. */
  long bytes(InferenceResults results) {
    long perNode =
        (results.isMultiLabel() ? results.numClasses() : Integer.BYTES)
            + (results.isAllNodes() ? 0 : Integer.BYTES)
            + (scores ? (long) results.numClasses() * Float.BYTES : 0)
            + (long) numTop(results.numClasses()) * (Integer.BYTES + Float.BYTES)
            + (long) results.embeddingDim() * Float.BYTES
            + (csv ? 16L * (1 + Math.max(1, numTop(results.numClasses()))) : 0);
    return results.numNodes() * perNode;
  }
}
