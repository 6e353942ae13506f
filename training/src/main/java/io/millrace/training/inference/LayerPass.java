package io.millrace.training.inference;

import ai.djl.ndarray.NDArray;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.Fanout;
import io.millrace.training.inference.chunks.ChunkCost;
import io.millrace.training.inference.chunks.ChunkPlan;
import io.millrace.training.inference.chunks.HighDegreeRow;
import io.millrace.training.inference.chunks.InPlaceRows;
import io.millrace.training.inference.chunks.PassFiles;
import io.millrace.training.inference.chunks.RowInputs;
import io.millrace.training.nn.BatchTensors;
import io.millrace.training.nn.MfgTensors;
import io.millrace.training.nn.Network;
import java.util.List;
import java.util.Optional;

/**
 * A pass that computes one layer of the network once for every node, over all its neighbours.
 *
 * @param layer number of the layer, from 0, whose input is the features
 * @param cost the limit of a chunk
 * @param inputs what the model reads besides features and neighbours
 * @param memoryBytes memory of the whole inference
 * @param residentBytes bytes of mapped files that may be resident
 */
record LayerPass(
    Network network,
    int layer,
    PassFiles files,
    ChunkCost cost,
    RowInputs inputs,
    long memoryBytes,
    long residentBytes)
    implements InferencePass {
  @Override
  public String name() {
    return "layer " + layer;
  }

  private boolean looksAtNeighbors() {
    return layer < network.numHops();
  }

  @Override
  public Fanout fanout() {
    return Fanout.uniform(Fanout.ALL, looksAtNeighbors() ? 1 : 0);
  }

  @Override
  public ChunkPlan plan(GraphDataset input, List<Integer> ranges) {
    ChunkPlan.Limit memory =
        looksAtNeighbors() ? cost::fits : (numNodes, _) -> numNodes == 1 || cost.fits(numNodes, 0);
    ChunkPlan.Limit limit =
        inPlace(input).isEmpty()
            ? memory
            : (numNodes, numEdges) ->
                numNodes <= InPlaceRows.MAX_NODES && memory.fits(numNodes, numEdges);
    return new ChunkPlan(input.graph(), files.nodes(), files.ranges(), ranges, limit, 1, 0);
  }

  @Override
  public Optional<InPlaceRows> inPlace(GraphDataset input) {
    boolean possible =
        network.readsInPlace(layer)
            && inputs.isNothing()
            && files.nodes().isAll()
            && InPlaceRows.isPossible(input, network.manager(), residentBytes);
    return possible
        ? Optional.of(
            new InPlaceRows(
                (state, edges) -> network.predict(layer, state, edges),
                network.manager(),
                input,
                looksAtNeighbors()))
        : Optional.empty();
  }

  @Override
  public long slotBytes(ChunkPlan plan) {
    return cost.slotBytes(plan);
  }

  @Override
  public NDArray rows(BatchTensors batch) {
    MfgTensors edges = looksAtNeighbors() ? batch.edges().getFirst() : MfgTensors.NONE;
    return network.predict(layer, batch.features(), edges);
  }

  @Override
  public Optional<HighDegreeRow> longRow(GraphDataset input) {
    return Optional.of(
        new HighDegreeRow(
            (state, edges) -> network.predict(layer, state, edges),
            network.manager(),
            input,
            inputs,
            cost,
            memoryBytes));
  }
}
