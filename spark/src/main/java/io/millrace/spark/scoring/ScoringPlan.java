package io.millrace.spark.scoring;

import io.millrace.Internal;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.Fanout;
import io.millrace.training.files.ModelFile;
import io.millrace.training.inference.GraphInference;
import io.millrace.training.inference.InferenceMode;
import io.millrace.training.inference.OutputOptions;
import io.millrace.training.inference.Shard;
import io.millrace.transfer.DeviceChoice;
import java.io.Serial;
import java.io.Serializable;

/**
 * What an inference's tasks must know. Immutable.
 *
 * @param dataset a directory that all executors see
 * @param out the directory of the results, which all executors see
 * @param shards tasks of a stage
 * @param rangeNodes nodes that are computed, or found to be done, together
 * @param fanout empty = exact, by all neighbours
 * @param embeddings whether the results have them
 * @param computeThreads of each task
 */
@Internal
public record ScoringPlan(
    String dataset,
    String out,
    int shards,
    int rangeNodes,
    int[] fanout,
    long seed,
    boolean embeddings,
    int computeThreads)
    implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  OutputOptions output() {
    return OutputOptions.PREDICTIONS.scores(true);
  }

  GraphInference inference(GraphDataset data, ModelFile model, Shard shard) {
    var builder =
        GraphInference.builder(data, model)
            .shard(shard)
            .rangeNodes(rangeNodes)
            .embeddings(embeddings)
            .seed(seed)
            .computeThreads(computeThreads)
            .device(DeviceChoice.CPU);
    if (fanout.length > 0) {
      builder.mode(InferenceMode.sampled(Fanout.of(fanout)));
    }
    return builder.build();
  }
}
