package io.millrace.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import io.millrace.BadInputException;
import io.millrace.training.metrics.ScoreSink;
import io.millrace.training.metrics.Scores;
import io.millrace.training.nn.BatchTensors;
import io.millrace.training.torch.NamedArrays;
import io.millrace.training.torch.TorchDevice;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings the results of steps to the host and to {@link Scores}: at once on the CPU, some batches
 * late on a GPU.
 *
 * <p>To read a value from a GPU, the host has to wait until the GPU has finished all that is
 * enqueued; if it did so at every batch, the GPU would then wait for the host to enqueue the next
 * one. So there the results of {@value #GPU_LATENESS} batches stay where they are and are read
 * together. A loss that is not finite is therefore reported up to that many batches late, after the
 * model has learned from it; its message names the batch where it was. Owns the results it keeps.
 * One thread.
 */
final class DeferredScores implements AutoCloseable {
  static final int GPU_LATENESS = 16;

  /**
   * The result of a batch.
   *
   * @param number for messages: of the batch, or of the step it is a part of
   * @param lossSum a scalar, the sum over the terms
   * @param numTerms labelled seeds, or answers
   * @param logits {@code [numSeeds x numClasses]}
   * @param labels as {@link BatchTensors} has them
   */
  record Result(int number, NDArray lossSum, int numTerms, NDArray logits, NDArray labels) {
    /** The same values, but no gradients; out of the scope that will close all else of the step. */
    private Result kept() {
      return new Result(number, kept(lossSum), numTerms, kept(logits), kept(labels));
    }

    private static NDArray kept(NDArray array) {
      NDArray kept = array.stopGradient();
      NDScope.unregister(kept);
      return kept;
    }

    private void close() {
      lossSum.close();
      logits.close();
      labels.close();
    }
  }

  private final String kind;
  private final Object name;
  private final int lateness;
  private final ScoreSink scores;
  private final List<Result> kept = new ArrayList<>();

  /**
   * @param lateness how many batches' results are kept before they are read together
   * @param kind what the batches are of, for messages: "epoch" or "split"
   * @param name which one
   * @param scores where they are added up
   */
  DeferredScores(int lateness, String kind, Object name, ScoreSink scores) {
    this.lateness = lateness;
    this.kind = kind;
    this.name = name;
    this.scores = scores;
  }

  static DeferredScores on(TorchDevice device, String kind, Object name, ScoreSink scores) {
    return new DeferredScores(
        device instanceof TorchDevice.Cpu ? 0 : GPU_LATENESS, kind, name, scores);
  }

  /**
   * Adds a result; its arrays stay the caller's.
   *
   * @throws BadInputException if this or an earlier loss is not finite
   */
  void add(Result result) {
    kept.add(result.kept());
    if (kept.size() > lateness) {
      readAll();
    }
  }

  /**
   * Adds up what is kept.
   *
   * @throws BadInputException if a loss is not finite
   */
  void readAll() {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      for (Result result : kept) {
        float loss = onHost(result.lossSum).getFloat() / result.numTerms;
        requireFinite(loss, result.number);
        scores.add(loss, result.numTerms, onHost(result.logits), values(onHost(result.labels)));
      }
    } finally {
      close();
    }
  }

  private static NDArray onHost(NDArray array) {
    return array.getDevice().isGpu() ? NamedArrays.onHost(array) : array;
  }

  /** Labels as {@link io.millrace.datasets.NodeLabels} has them, until the scope ends. */
  private static MemorySegment values(NDArray labels) {
    NDArray stored =
        labels.getDataType() == DataType.INT64 ? labels.toType(DataType.INT32, false) : labels;
    return MemorySegment.ofBuffer(stored.toByteBuffer(true));
  }

  /** Weights that the last step of an epoch has ruined are noticed only by the evaluation. */
  private void requireFinite(float loss, int number) {
    if (!Float.isFinite(loss)) {
      throw BadInputException.of(
          "loss is not finite, try a lower learning rate or normalised features",
          "loss",
          loss,
          kind,
          name,
          "batch",
          number);
    }
  }

  @Override
  public void close() {
    kept.forEach(Result::close);
    kept.clear();
  }
}
