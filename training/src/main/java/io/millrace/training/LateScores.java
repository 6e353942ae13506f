package io.millrace.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.millrace.datasets.BadInputException;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings the results of steps to the host and adds them up there: at once on the CPU, some batches
 * late on a GPU.
 *
 * <p>To read a value from a GPU, the host has to wait until the GPU has done all it was told to do;
 * if it did so at every batch, the GPU would then wait for the host to enqueue the next one. So
 * there the results of {@value #GPU_LATENESS} batches stay where they are and are read together. A
 * loss that is not finite is therefore told up to that many batches late, after the model has
 * learned from it; its message names the batch where it was. Owns the results it keeps. One thread.
 */
final class LateScores implements AutoCloseable {
  static final int GPU_LATENESS = 16;

  /**
   * @param loss a scalar, the mean over the batch's labelled seeds
   * @param logits {@code [numSeeds x numClasses]}
   * @param labels int64 {@code [numSeeds]}
   */
  private record Result(int batch, NDArray loss, NDArray logits, NDArray labels) {
    void close() {
      loss.close();
      logits.close();
      labels.close();
    }
  }

  private final String kind;
  private final Object name;
  private final int lateness;
  private final Scores scores = new Scores();
  private final List<Result> kept = new ArrayList<>();

  /**
   * @param lateness how many batches' results are kept before they are read together
   * @param kind what the batches are of, for messages: "epoch" or "split"
   * @param name which one
   */
  LateScores(int lateness, String kind, Object name) {
    this.lateness = lateness;
    this.kind = kind;
    this.name = name;
  }

  static LateScores on(TorchDevice device, String kind, Object name) {
    return new LateScores(device instanceof TorchDevice.Cpu ? 0 : GPU_LATENESS, kind, name);
  }

  /**
   * Takes over the results of a step, apart from what they were computed from.
   *
   * @throws BadInputException if this or an earlier loss is not finite
   */
  void add(int batch, NDArray loss, NDArray logits, NDArray labels) {
    kept.add(new Result(batch, detached(loss), detached(logits), detached(labels)));
    if (kept.size() > lateness) {
      read();
    }
  }

  /** The same values, but no gradients; out of the scope that will close all else of the step. */
  private static NDArray detached(NDArray array) {
    NDArray detached = array.stopGradient();
    NDScope.unregister(detached);
    return detached;
  }

  private void read() {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      for (Result result : kept) {
        float loss = onHost(result.loss).getFloat();
        requireFinite(loss, result.batch);
        scores.add(loss, onHost(result.logits), onHost(result.labels));
      }
    } finally {
      close();
    }
  }

  private static NDArray onHost(NDArray array) {
    return array.toDevice(Device.cpu(), false);
  }

  /** Weights that the last step of an epoch has ruined are noticed only by the evaluation. */
  private void requireFinite(float loss, int batch) {
    if (!Float.isFinite(loss)) {
      throw BadInputException.of(
          "loss is not finite, try a lower learning rate or normalised features",
          "loss",
          loss,
          kind,
          name,
          "batch",
          batch);
    }
  }

  /** The figures of the batches that were read so far. */
  Evaluation soFar() {
    return scores.sum();
  }

  /** The figures of all batches. */
  Evaluation sum() {
    read();
    return scores.sum();
  }

  @Override
  public void close() {
    kept.forEach(Result::close);
    kept.clear();
  }
}
