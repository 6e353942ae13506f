package io.millrace.training;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/**
 * What happens to the gradients of a step between its last backward pass and the optimizer: with
 * several replicas of a model, they are added up here.
 *
 * <p>It is called once in every step, also in one whose seeds have no labels, so that all replicas
 * take part. Used by the trainer's thread.
 */
@FunctionalInterface
interface GradientSync {
  /** For a model that has no replicas. */
  GradientSync NONE = _ -> {};

  /**
   * Replaces the gradients.
   *
   * @param learned the parameters under their names, each with the gradient of this step
   */
  void sync(Map<String, NDArray> learned);
}
