package io.millrace.training.task;

import ai.djl.ndarray.NDArray;
import io.millrace.Internal;
import io.millrace.datasets.NodeLabels;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.link.LinkBatches;
import io.millrace.training.link.LinkObjective;
import io.millrace.training.link.PairDecoder;
import io.millrace.training.link.PairLoss;
import io.millrace.training.metrics.AnswerKind;
import io.millrace.training.metrics.Scores;
import io.millrace.training.nn.ForwardPass;
import io.millrace.training.nn.Network;
import io.millrace.transfer.DeviceBatch;
import java.util.stream.IntStream;

/**
 * What link predictions have in common: the items of training are links, the model's output is an
 * embedding per node, and the loss compares pairs of embeddings.
 */
@Internal
public sealed interface LinkTask extends Task permits LinkPrediction, TimedLinkPrediction {
  LinkObjective objective();

  /** Links that an epoch of training has. */
  int numTrainingLinks();

  @Override
  LinkBatches batches(EpochPlan.Epoch epoch);

  /**
   * @param output of the model for the seeds of the batch
   */
  PairLoss loss(EpochPlan.Epoch epoch, DeviceBatch batch, NDArray output, PairDecoder decoder);

  @Override
  default int outputDim() {
    return objective().dim();
  }

  /** They are in the batches if the dataset has some, and nothing reads them. */
  @Override
  default NodeLabels labels() {
    return data().hasLabels() ? data().labels() : NodeLabels.of(1, new int[0]);
  }

  @Override
  default AnswerKind answers() {
    return AnswerKind.LINKS;
  }

  @Override
  default EpochPlan trainingPlan(int batchSize, long seed) {
    int numLinks = numTrainingLinks();
    objective().requireBatch(Math.min(batchSize, numLinks));
    return EpochPlan.of(IntStream.range(0, numLinks).toArray(), batchSize, seed);
  }

  /** Every node: negatives are drawn from all. */
  @Override
  default int[] trainingSeeds() {
    return IntStream.range(0, data().graph().numNodes()).toArray();
  }

  /** Ends of the links of a batch and of their negatives, those that occur twice included. */
  default double numEnds(int batchSize) {
    return batchSize * (2.0 + objective().negatives().endsPerPositive());
  }

  @Override
  default BatchLoss newLoss(Network network) {
    return new LinkLoss(this, network);
  }

  @Override
  default Scores trainingScores() {
    return Scores.ofLinks(false);
  }

  /**
   * The loss of the pairs of a batch.
   *
   * @param task whose pairs they are
   * @param network with the decoder
   */
  record LinkLoss(LinkTask task, Network network) implements BatchLoss {
    @Override
    public int numTerms(int[] links) {
      return links.length;
    }

    @Override
    public Terms of(
        EpochPlan.Epoch epoch,
        DeviceBatch batch,
        NDArray output,
        NDArray labels,
        ForwardPass pass) {
      PairLoss loss = task.loss(epoch, batch, output, new PairDecoder(network, pass));
      return new Terms(loss.sum(), loss.scores(), loss.answers());
    }
  }
}
