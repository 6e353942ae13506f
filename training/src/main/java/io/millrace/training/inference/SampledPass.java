package io.millrace.training.inference;

import ai.djl.ndarray.NDArray;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.Fanout;
import io.millrace.training.inference.chunks.ChunkPlan;
import io.millrace.training.inference.chunks.HighDegreeRow;
import io.millrace.training.inference.chunks.InPlaceRows;
import io.millrace.training.inference.chunks.PassFiles;
import io.millrace.training.nn.BatchTensors;
import io.millrace.training.nn.Network;
import io.millrace.transfer.PipelineBuilder;
import java.util.List;
import java.util.Optional;

/**
 * A pass that computes the whole network over sampled neighbourhoods, as evaluation in training
 * does. With embeddings, a row has the columns of the embedding, then those of the logits.
 *
 * @param embeddings whether embeddings are requested
 * @param mode how to sample
 * @param seed seed of the samples
 */
record SampledPass(
    Network network, PassFiles files, boolean embeddings, InferenceMode.Sampled mode, long seed)
    implements InferencePass {
  @Override
  public String name() {
    return "sampled";
  }

  @Override
  public Fanout fanout() {
    return mode.fanout();
  }

  @Override
  public ChunkPlan plan(GraphDataset input, List<Integer> ranges) {
    CsrGraph graph = input.graph();
    ChunkPlan.Limit limit = (numNodes, _) -> numNodes <= mode.batchSize();
    return new ChunkPlan(graph, files.nodes(), files.ranges(), ranges, limit, mode.repeats(), seed);
  }

  @Override
  public long slotBytes(ChunkPlan plan) {
    return PipelineBuilder.FIRST_SLOT_BYTES;
  }

  @Override
  public NDArray rows(BatchTensors batch) {
    return network.predict(batch, embeddings);
  }

  @Override
  public Optional<InPlaceRows> inPlace(GraphDataset input) {
    return Optional.empty();
  }

  @Override
  public Optional<HighDegreeRow> longRow(GraphDataset input) {
    return Optional.empty();
  }
}
