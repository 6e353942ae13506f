package io.millrace.tuning;

import io.millrace.tuning.model.Costs;
import io.millrace.tuning.model.PipelineModel;
import java.util.Map;

/**
 * What a {@link Tuner} has found. Rates are batches per second.
 *
 * @param costs measured, with that storage
 * @param model made of the costs, within the memory that the storage leaves
 * @param storage of the data, as it was found
 * @param cache of that storage
 * @param evaluation the validation batches that are kept, in the memory that the chosen setting
 *     leaves
 * @param predicted by the model, before any of them was measured
 * @param measured medians of the same choices
 * @param chosen the best measured, or the default if nothing is better by 2 %
 * @param standard the default, with as many of its slots as the memory holds
 * @param bad a deliberately bad setting, for comparison
 * @param numTrainings short trainings that were run for it, the warm-up as one
 */
public record TuneResult(
    Costs costs,
    PipelineModel model,
    Storage storage,
    CacheSize cache,
    EvaluationCache evaluation,
    Map<Choice, Double> predicted,
    Map<Choice, Double> measured,
    Choice chosen,
    Choice standard,
    Choice bad,
    int numTrainings) {
  /** Whether another setting than the default was chosen. */
  public boolean isGain() {
    return !chosen.equals(standard);
  }

  /** What was predicted for the chosen setting. */
  public double predictedRate() {
    return predicted.get(chosen);
  }

  /** What the chosen setting reached. */
  public double measuredRate() {
    return measured.get(chosen);
  }

  /** What the default reached. */
  public double standardRate() {
    return measured.get(standard);
  }

  /** What the bad setting reached. */
  public double badRate() {
    return measured.get(bad);
  }
}
