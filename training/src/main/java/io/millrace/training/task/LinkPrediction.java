package io.millrace.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.datasets.links.HeldOutLinks;
import io.millrace.datasets.links.NodePairs;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.link.EdgeLookup;
import io.millrace.sampler.link.LinkPlan;
import io.millrace.sampler.link.LinkSeeds;
import io.millrace.sampler.link.Negatives;
import io.millrace.training.inference.chunks.NodeSet;
import io.millrace.training.link.LinkObjective;
import io.millrace.training.link.PairLoss;
import io.millrace.training.metrics.AnswerKind;
import io.millrace.training.metrics.Scores;
import io.millrace.transfer.DeviceBatch;
import java.util.stream.IntStream;

/**
 * Predicts which pairs of nodes are linked. The items of training are the links of the graph; the
 * seeds of a batch are their ends and those of negatives.
 *
 * @param data stays the caller's
 * @param plan of the links of the graph
 */
record LinkPrediction(GraphDataset data, LinkObjective objective, LinkPlan plan) implements Task {
  /**
   * @throws BadInputException if the graph has no links, or a loss or weights for classes were
   *     chosen
   */
  static LinkPrediction of(GraphDataset data, LinkObjective objective, Objective general) {
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
  public int outputDim() {
    return objective.dim();
  }

  /** They are in the batches if the dataset has some, and nothing reads them. */
  @Override
  public NodeLabels labels() {
    return data.hasLabels() ? data.labels() : NodeLabels.of(1, new int[0]);
  }

  @Override
  public AnswerKind answers() {
    return AnswerKind.LINKS;
  }

  @Override
  public EpochPlan trainingPlan(int batchSize, long seed) {
    objective.requireBatch(Math.min(batchSize, plan.size()));
    return EpochPlan.of(IntStream.range(0, plan.size()).toArray(), batchSize, seed);
  }

  /** Every node: negatives are drawn from all. */
  @Override
  public int[] trainingSeeds() {
    return IntStream.range(0, data.graph().numNodes()).toArray();
  }

  /** As if ends were drawn uniformly: links share some of them. */
  @Override
  public int numSeeds(int batchSize) {
    double ends = batchSize * (2.0 + objective.negatives().endsPerPositive());
    double numNodes = data.graph().numNodes();
    return (int) Math.ceil(-numNodes * Math.expm1(-ends / numNodes));
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
  public EpochPlan.Epoch predictionEpoch(int[] nodes, int batchSize, long seed) {
    NodeSet.requireInRange(data.graph().numNodes(), nodes);
    return EpochPlan.inOrder(nodes, batchSize, seed).epoch(-1 - Split.values().length);
  }

  @Override
  public boolean hasLabels(Split split) {
    return !heldOut(split).isEmpty();
  }

  HeldOutLinks.Part heldOut(Split split) {
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
  public BatchLoss newLoss(NDManager manager) {
    return new LinkLoss();
  }

  private final class LinkLoss implements BatchLoss {
    @Override
    public int numTerms(int[] links) {
      return links.length;
    }

    @Override
    public Terms of(EpochPlan.Epoch epoch, DeviceBatch batch, NDArray output, NDArray labels) {
      LinkPlan.Batches batches = plan.batches(epoch);
      LinkSeeds links = batches.links(batch.number());
      int[] localIds = batch.seedLocalIds();
      PairLoss loss =
          objective.negatives().kind() == Negatives.Kind.IN_BATCH
              ? PairLoss.inBatch(batches, links, localIds, output)
              : PairLoss.binary(links, localIds, output);
      return new Terms(loss.sum(), loss.scores(), loss.answers());
    }
  }

  @Override
  public Scores trainingScores() {
    return Scores.ofLinks(false);
  }
}
