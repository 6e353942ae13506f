package io.millrace.tuning;

import io.millrace.tuning.model.Costs;
import io.millrace.tuning.model.PipelineModel;
import io.millrace.tuning.model.Setting;
import java.util.Map;

/**
 * What a {@link Tuner} has found. Rates are batches per second.
 *
 * @param costs measured
 * @param model made of the costs
 * @param predicted by the model, before any of them was measured
 * @param measured medians of the same settings
 * @param chosen the best measured, or the default if nothing is better by 2 %
 * @param standard the default, with as many of its slots as the memory holds
 * @param bad a deliberately bad setting, for comparison
 * @param numTrainings short trainings that were run for it, the warm-up as one
 */
public record TuneResult(
    Costs costs,
    PipelineModel model,
    Map<Setting, Double> predicted,
    Map<Setting, Double> measured,
    Setting chosen,
    Setting standard,
    Setting bad,
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
