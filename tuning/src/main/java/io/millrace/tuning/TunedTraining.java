package io.millrace.tuning;

import io.millrace.datasets.FeatureType;
import io.millrace.training.TrainerBuilder;
import io.millrace.transfer.PipelineSettings;

/** The training that a {@link Tuner} tunes: it is built again and again, in several storages. */
public interface TunedTraining {
  /**
   * A new builder of it, without {@link TrainerBuilder#pipeline} and compute threads, which are the
   * tuner's. Trainers built from an earlier one are closed by then, so that its dataset may be,
   * too.
   *
   * @param storage residence and caches of which the builder has; the tuner passes on the rest
   */
  TrainerBuilder in(Storage storage);

  /** Settings of its pipelines that the tuner keeps: those that it does not decide. */
  default PipelineSettings untuned() {
    return PipelineSettings.defaults();
  }

  /** What is known of its dataset. */
  Data data();

  /**
   * Of a dataset.
   *
   * @param bytes of graph and features
   * @param featureBytes of the features alone
   * @param numNodes of the graph
   * @param stored type of the features
   * @param inMemory whether {@code AUTO} holds it in memory
   */
  record Data(long bytes, long featureBytes, int numNodes, FeatureType stored, boolean inMemory) {}
}
