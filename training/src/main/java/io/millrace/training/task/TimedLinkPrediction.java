package io.millrace.training.task;

import ai.djl.ndarray.NDArray;
import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.datasets.links.TimeSplit;
import io.millrace.datasets.links.TimedLinks;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.link.LinkBatches;
import io.millrace.sampler.link.LinkSeeds;
import io.millrace.sampler.link.Negatives;
import io.millrace.sampler.link.TimedLinkPlan;
import io.millrace.training.link.LinkObjective;
import io.millrace.training.link.PairDecoder;
import io.millrace.training.link.PairLoss;
import io.millrace.transfer.DeviceBatch;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Predicts which nodes will be linked at a time, from what came before it. The items of training
 * are the earliest events of the graph; those of validation and test are later ones. A batch looks
 * at the ends of each event at its time, so a later edge is never seen, and an earlier one is,
 * whichever part it belongs to.
 *
 * @param data stays the caller's
 * @param plans of each part that has events
 */
@Internal
public record TimedLinkPrediction(
    GraphDataset data, LinkObjective objective, Map<Split, TimedLinkPlan> plans)
    implements LinkTask {
  /** Negatives of each event in an evaluation. */
  private static final int EVAL_NEGATIVES = 1;

  /**
   * @throws BadInputException if edges have no times, there is nothing to learn, or negatives, a
   *     loss or weights for classes were chosen that do not fit
   */
  public static TimedLinkPrediction of(
      GraphDataset data, LinkObjective objective, Objective general) {
    general.requireFitsLinks();
    Negatives negatives = objective.negatives();
    if (negatives.kind() != Negatives.Kind.DESTINATION || !negatives.strict()) {
      throw BadInputException.of(
          "links by time have strict negatives with another destination",
          "negatives",
          negatives.kind(),
          "strict",
          negatives.strict());
    }
    TimeSplit split = objective.byTime().orElseThrow();
    TimedLinks all = TimedLinks.of(data);
    Map<Split, TimedLinkPlan> plans = new EnumMap<>(Split.class);
    for (Split part : Split.values()) {
      TimedLinks events = split.of(all, part);
      int perPositive = part == Split.TRAIN ? negatives.perPositive() : EVAL_NEGATIVES;
      if (events.size() > 0 || part == Split.TRAIN) {
        plans.put(part, TimedLinkPlan.of(events, perPositive, all, data.graph().numNodes()));
      }
    }
    return new TimedLinkPrediction(data, objective, plans);
  }

  @Override
  public int numTrainingLinks() {
    return plans.get(Split.TRAIN).size();
  }

  private int[] indices(Split split) {
    return IntStream.range(0, plans.get(split).size()).toArray();
  }

  @Override
  public int numSeeds(int batchSize) {
    return (int) Math.min(numEnds(batchSize), data.graph().numNodes());
  }

  @Override
  public LinkBatches batches(EpochPlan.Epoch epoch) {
    return plans.get(Split.TRAIN).batches(epoch);
  }

  /** The batches in which a split is evaluated. */
  public LinkBatches evaluation(Split split, EpochPlan.Epoch epoch) {
    return plans.get(split).batches(epoch);
  }

  @Override
  public EpochPlan.Epoch evaluationEpoch(Split split, int batchSize, long seed) {
    requireEvaluable(split);
    return EpochPlan.inOrder(indices(split), batchSize, seed).epoch(-1 - split.ordinal());
  }

  @Override
  public boolean hasLabels(Split split) {
    return plans.containsKey(split);
  }

  @Override
  public void requireEvaluable(Split split) {
    if (!hasLabels(split)) {
      throw BadInputException.of(
          "split has no links", "dataset", data.name(), "split", split.fileName());
    }
  }

  @Override
  public PairLoss loss(
      EpochPlan.Epoch epoch, DeviceBatch batch, NDArray output, PairDecoder decoder) {
    LinkSeeds links = batches(epoch).links(batch.number());
    return PairLoss.binary(links, batch.seedLocalIds(), output, decoder);
  }
}
