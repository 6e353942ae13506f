package io.millrace.training.loss;

import ai.djl.ndarray.NDArray;
import io.millrace.training.metrics.AnswerKind;
import java.util.List;

/**
 * The training loss.
 *
 * <p>A loss of your own implements both methods. Make it a record, whose components are its
 * settings: then a model file stores it by the name of its class, and so does a checkpoint.
 * Immutable, and called by one thread at a time.
 */
public interface Loss {
  /** Softmax cross-entropy: each node has one class. */
  Loss CROSS_ENTROPY = new FusedLoss("CROSS_ENTROPY");

  /**
   * Binary cross-entropy of each logit by itself: a node can have several labels. Where it has one
   * class, that class is its only label.
   */
  Loss BCE = new FusedLoss("BCE");

  /** The squared error of each target. */
  Loss MSE = new ErrorLoss("MSE");

  /** The absolute error of each target. */
  Loss MAE = new ErrorLoss("MAE");

  /** Half of the squared error up to 1, then the absolute error minus a half, as torch's. */
  Loss HUBER = new ErrorLoss("HUBER");

  /** Millrace's own. */
  static List<Loss> standard() {
    return List.of(CROSS_ENTROPY, BCE, MSE, MAE, HUBER);
  }

  /** The one that is used if none is chosen. */
  static Loss usual(AnswerKind kind) {
    return switch (kind) {
      case CLASSES -> CROSS_ENTROPY;
      case LABELS, LINKS -> BCE;
      case TARGETS -> MSE;
    };
  }

  /** Whether it compares such predictions. */
  boolean fits(AnswerKind kind);

  /**
   * The terms that the loss of a batch is the mean of. Terms of unknown answers are left out
   * afterwards; the answers here are 0 in their place, so that each term is finite.
   *
   * @param output of the model, float32 {@code [numSeeds x dim]}
   * @param answers what is right: int64 {@code [numSeeds]} classes; or float32 {@code [numSeeds x
   *     dim]}, 1 or 0 for each of several labels, or the targets
   * @return float32 {@code [numSeeds]} for classes, otherwise {@code [numSeeds x dim]}: computed by
   *     operations that have a gradient, in the output's manager
   */
  NDArray terms(NDArray output, NDArray answers);
}
