package io.millrace.training;

import ai.djl.ndarray.NDArray;
import io.millrace.BadInputException;
import io.millrace.datasets.Split;
import io.millrace.sampler.BatchPlan;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.link.LinkBatches;
import io.millrace.sampler.link.LinkSeeds;
import io.millrace.slicing.KeptBatches;
import io.millrace.training.link.EventScores;
import io.millrace.training.link.PairScores;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.metrics.Scores;
import io.millrace.training.parallel.Ranks;
import io.millrace.training.parallel.ScoreExchange;
import io.millrace.training.task.LinkPrediction;
import io.millrace.training.task.NodeClassification;
import io.millrace.training.task.TimedLinkPrediction;
import io.millrace.transfer.BatchSource;
import io.millrace.transfer.BatchStream;
import io.millrace.transfer.DeviceBatch;
import java.util.Optional;

/**
 * Computes the model's output for nodes that it does not learn from: evaluations and predictions,
 * by the batches of the trainer's own pipeline with the evaluation's fanout. Used by the trainer's
 * thread, between two epochs. Owns the batches that it keeps until {@link #close}, which comes
 * after that of the source.
 */
final class Evaluator implements AutoCloseable {
  private final TrainingSetup setup;
  private final TrainerSettings settings;
  private final TrainingStep step;
  private final BatchSource source;
  private final TrainingTrace trace;
  private final Optional<KeptBatches> validation;

  Evaluator(TrainingSetup setup, TrainingStep step, BatchSource source, TrainingTrace trace) {
    this.setup = setup;
    settings = setup.settings();
    this.step = step;
    this.source = source;
    this.trace = trace;
    long bytes = settings.evaluationCacheBytes();
    validation = bytes == 0 ? Optional.empty() : Optional.of(new KeptBatches(bytes));
  }

  /** Bytes of the batches that are kept now. */
  long keptBytes() {
    return validation.map(KeptBatches::bytes).orElse(0L);
  }

  /** Only the validation nodes are evaluated again and again. */
  private BatchStream start(Split split, BatchPlan plan) {
    return split == Split.VALID && validation.isPresent()
        ? source.start(plan, settings.evalFanout(), validation.get())
        : source.start(plan, settings.evalFanout());
  }

  /**
   * @throws BadInputException if the split has no labelled nodes or links, or the loss is not
   *     finite
   */
  Evaluation evaluate(Split split) {
    return switch (setup.task()) {
      case NodeClassification nodes -> evaluateNodes(nodes, split);
      case LinkPrediction links -> evaluateLinks(links, split);
      case TimedLinkPrediction events -> evaluateEvents(events, split);
    };
  }

  private Evaluation evaluateNodes(NodeClassification task, Split split) {
    EpochPlan.Epoch epoch = setup.evaluationEpoch(split);
    Scores sums = task.evaluationScores();
    Ranks ranks = settings.ranks();
    ScoreExchange exchange = step.exchange(ranks, sums);
    try (BatchStream batches = start(split, ranks.inTurn(epoch));
        DeferredScores scores =
            DeferredScores.on(settings.device(), "split", split.fileName(), exchange)) {
      for (int round = ranks.numRounds(epoch); round > 0; round--) {
        if (batches.hasNext()) {
          try (DeviceBatch batch = batches.next()) {
            trace.evaluate(batch.number(), () -> step.evaluate(epoch, batch, scores));
          }
        }
        if (!ranks.isAlone()) {
          scores.readAll();
          exchange.endRound();
        }
      }
      scores.readAll();
    }
    return sums.sum();
  }

  private Evaluation evaluateLinks(LinkPrediction task, Split split) {
    task.requireEvaluable(split);
    int[] nodes = task.heldOut(split).nodes();
    Ranks ranks = settings.ranks();
    EpochPlan.Epoch epoch = setup.evaluationEpoch(split);
    float[] rows;
    try (BatchStream batches = start(split, ranks.inTurn(epoch))) {
      rows = rows(batches, ranks.numRounds(epoch), nodes.length, ranks);
    }
    int dim = task.outputDim();
    return new PairScores(nodes, dim, rows, step.pairScorer(dim))
        .evaluate(task.heldOut(split), settings.objective().metric());
  }

  /** Events without a negative, before which there was no other destination, do not count. */
  private Evaluation evaluateEvents(TimedLinkPrediction task, Split split) {
    LinkBatches plan = task.evaluation(split, setup.evaluationEpoch(split));
    int dim = task.outputDim();
    EventScores scores = new EventScores(dim, step.pairScorer(dim));
    try (BatchStream batches = start(split, plan)) {
      while (batches.hasNext()) {
        try (DeviceBatch batch = batches.next()) {
          LinkSeeds links = plan.links(batch.number());
          trace.evaluate(
              batch.number(),
              () ->
                  scores.add(
                      links, batch.seedLocalIds(), step.predict(batch, NDArray::toFloatArray)));
        }
      }
    }
    return scores.evaluate(settings.objective().metric());
  }

  /**
   * The model's output for the seeds of an epoch, one row each, in their order.
   *
   * @param ranks that share the work; all of them call this together
   * @throws BadInputException if it has 2^31 values or more
   */
  float[] rows(EpochPlan.Epoch epoch, int numSeeds, Ranks ranks) {
    try (BatchStream batches = source.start(ranks.inTurn(epoch), settings.evalFanout())) {
      return rows(batches, ranks.numRounds(epoch), numSeeds, ranks);
    }
  }

  private float[] rows(BatchStream batches, int numRounds, int numSeeds, Ranks ranks) {
    float[] rows = new float[numValues(numSeeds, setup.task().outputDim())];
    int filled = 0;
    for (int round = numRounds; round > 0; round--) {
      float[][] own = {{}};
      if (batches.hasNext()) {
        try (DeviceBatch batch = batches.next()) {
          trace.evaluate(batch.number(), () -> own[0] = predict(batch));
        }
      }
      for (float[] ofBatch : ranks.gather(own[0])) {
        System.arraycopy(ofBatch, 0, rows, filled, ofBatch.length);
        filled += ofBatch.length;
      }
    }
    return rows;
  }

  /** One row for each seed, in their order. */
  private float[] predict(DeviceBatch batch) {
    int dim = setup.task().outputDim();
    float[] ofBatch = step.predict(batch, NDArray::toFloatArray);
    int[] localIds = batch.seedLocalIds();
    float[] rows = new float[localIds.length * dim];
    for (int row = 0; row < localIds.length; row++) {
      System.arraycopy(ofBatch, localIds[row] * dim, rows, dim * row, dim);
    }
    return rows;
  }

  static int numValues(int numSeeds, int dim) {
    if ((long) numSeeds * dim > Integer.MAX_VALUE) {
      throw BadInputException.of(
          "output of all nodes at once must have fewer than 2^31 values",
          "nodes",
          numSeeds,
          "dim",
          dim);
    }
    return numSeeds * dim;
  }

  @Override
  public void close() {
    validation.ifPresent(KeptBatches::close);
  }
}
