package io.millrace.training.task;

import ai.djl.ndarray.NDArray;
import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.datasets.links.HeldOutLinks;
import io.millrace.datasets.links.NodePairs;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.link.EdgeLookup;
import io.millrace.sampler.link.LinkPlan;
import io.millrace.sampler.link.LinkSeeds;
import io.millrace.sampler.link.Negatives;
import io.millrace.training.link.LinkObjective;
import io.millrace.training.link.PairDecoder;
import io.millrace.training.link.PairLoss;
import io.millrace.transfer.DeviceBatch;

/**
 * Predicts which pairs of nodes are linked. The items of training are the links of the graph; the
 * seeds of a batch are their ends and those of negatives.
 *
 * @param data stays the caller's
 * @param plan of the links of the graph
 */
@Internal
public record LinkPrediction(GraphDataset data, LinkObjective objective, LinkPlan plan)
    implements LinkTask {
  /**
   * @throws BadInputException if the graph has no links, or a loss or weights for classes were
   *     chosen
   */
  public static LinkPrediction of(GraphDataset data, LinkObjective objective, Objective general) {
    general.requireFitsLinks();
    boolean directed = data.description().directed();
    EdgeLookup edges = new EdgeLookup(data.graph(), directed);
    NodePairs links = NodePairs.ofGraph(data.graph(), directed);
    Negatives negatives = objective.negatives();
    return new LinkPrediction(
        data,
        objective,
        objective.excludeTargets()
            ? LinkPlan.of(links, negatives, edges)
            : LinkPlan.withTargets(links, negatives, edges));
  }

  @Override
  public int numTrainingLinks() {
    return plan.size();
  }

  /** As if ends were drawn uniformly: links share some of them. */
  @Override
  public int numSeeds(int batchSize) {
    double numNodes = data.graph().numNodes();
    return (int) Math.ceil(-numNodes * Math.expm1(-numEnds(batchSize) / numNodes));
  }

  @Override
  public LinkPlan.Batches batches(EpochPlan.Epoch epoch) {
    return plan.batches(epoch);
  }

  @Override
  public EpochPlan.Epoch evaluationEpoch(Split split, int batchSize, long seed) {
    return EpochPlan.inOrder(heldOut(split).nodes(), batchSize, seed).epoch(-1 - split.ordinal());
  }

  @Override
  public boolean hasLabels(Split split) {
    return !heldOut(split).isEmpty();
  }

  public HeldOutLinks.Part heldOut(Split split) {
    return objective.heldOut().of(split);
  }

  @Override
  public void requireEvaluable(Split split) {
    if (!hasLabels(split)) {
      throw BadInputException.of(
          "split has no held-out links", "dataset", data.name(), "split", split.fileName());
    }
  }

  @Override
  public PairLoss loss(
      EpochPlan.Epoch epoch, DeviceBatch batch, NDArray output, PairDecoder decoder) {
    LinkPlan.Batches batches = plan.batches(epoch);
    LinkSeeds links = batches.links(batch.number());
    int[] localIds = batch.seedLocalIds();
    return objective.negatives().kind() == Negatives.Kind.IN_BATCH
        ? PairLoss.inBatch(batches, links, localIds, output, decoder)
        : PairLoss.binary(links, localIds, output, decoder);
  }
}
