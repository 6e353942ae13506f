package io.millrace.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.millrace.datasets.NodeLabels;
import io.millrace.sampler.EpochPlan;
import io.millrace.training.link.PairScorer;
import io.millrace.training.metrics.Scores;
import io.millrace.training.nn.BatchTensors;
import io.millrace.training.nn.ForwardPass;
import io.millrace.training.nn.Network;
import io.millrace.training.nn.RunningStatistics;
import io.millrace.training.optim.GradientClipping;
import io.millrace.training.optim.LearningRate;
import io.millrace.training.optim.OptimizerState;
import io.millrace.training.parallel.EpochLedger;
import io.millrace.training.parallel.GradientSync;
import io.millrace.training.parallel.Ranks;
import io.millrace.training.parallel.ScoreExchange;
import io.millrace.training.task.Task;
import io.millrace.training.torch.GradMode;
import io.millrace.training.torch.Scalars;
import io.millrace.training.torch.TorchEngine;
import io.millrace.transfer.DeviceBatch;
import io.millrace.transfer.EpochBatches;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/**
 * Trains on the batches of a step, or evaluates a batch.
 *
 * <p>A step of training is one batch, or several that are its {@link VirtualNodes}: their gradients
 * are added up, each in proportion to its terms of the loss, which gives the gradient of the mean
 * loss over the whole step. {@link GradientSync} stands between the last backward pass and the
 * optimizer. All arrays are closed when a wave of virtual nodes ends, and then its batches; the
 * results go to {@link DeferredScores}. On a GPU, a step is enqueued but not finished when the
 * method returns. One thread at a time.
 *
 * <p>Next class to read: {@link EpochBatches}.
 */
final class TrainingStep {
  private final TrainerSettings settings;
  private final NodeLabels labels;
  private final Task.BatchLoss loss;
  private final Network network;
  private final OptimizerState optimizer;
  private final LearningRate learningRate;
  private final GradientSync sync;
  private final StepMemory memory;

  TrainingStep(TrainingSetup setup, TrainingState state, GradientSync sync) {
    settings = setup.settings();
    labels = setup.task().labels();
    loss = setup.task().newLoss(state.network());
    network = state.network();
    optimizer = state.optimizer();
    learningRate = state.learningRate();
    this.sync = sync;
    memory = new StepMemory(network, optimizer.state().stream().mapToLong(NDArray::size).sum());
  }

  /**
   * Forward, backward and a step of the optimizer; seeds without a label are ignored.
   *
   * @param batches gives the batches of this step next, those of this rank
   * @param ledger is told of each batch
   */
  void train(
      EpochPlan.Epoch epoch,
      int step,
      Iterator<DeviceBatch> batches,
      DeferredScores scores,
      EpochLedger ledger) {
    sync.beginStep((long) epoch.number() * epoch.numSteps() + step);
    int numTerms = loss.numTerms(epoch.stepSeeds(step));
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      RunningStatistics statistics = network.runningStatistics();
      for (int left = settings.ranks().numOwn(epoch, step); left > 0; ) {
        int size = Math.min(left, settings.virtualNodes().perWave());
        wave(epoch, size, batches, numTerms, statistics, scores, ledger);
        left -= size;
      }
      if (numTerms > 0) {
        sync.stepDone(statistics, () -> update(statistics));
      }
    } catch (Throwable t) {
      network.zeroGradients(); // left by earlier waves
      throw t;
    }
  }

  /** Moves the weights by the steps that have not moved them yet, if ranks lag. */
  void catchUp() {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      RunningStatistics statistics = network.runningStatistics();
      sync.catchUp(statistics, () -> update(statistics));
    }
  }

  /** Applies the gradients, which are those of a whole step: the optimizer moves the weights. */
  private void update(RunningStatistics statistics) {
    statistics.apply();
    settings
        .optimizer()
        .clipNorm()
        .ifPresent(norm -> GradientClipping.clip(network.learned().values(), norm));
    optimizer.step(learningRate.at(optimizer.numSteps()));
  }

  private void wave(
      EpochPlan.Epoch epoch,
      int size,
      Iterator<DeviceBatch> batches,
      int numTerms,
      RunningStatistics statistics,
      DeferredScores scores,
      EpochLedger ledger) {
    List<DeviceBatch> open = new ArrayList<>();
    try (NDScope scope = new NDScope();
        GradMode _ = GradMode.on()) {
      scope.suppressNotUsedWarning();
      List<DeferredScores.Result> forwards = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        DeviceBatch batch = batches.next();
        open.add(batch);
        int terms = loss.numTerms(epoch.seeds(batch.number()));
        ledger.taken(batch, terms > 0);
        if (terms > 0) {
          forwards.add(forward(epoch, batch, terms, (float) terms / numTerms, statistics));
        }
      }
      forwards.forEach(scores::add); // all of them before the first gradient
      PtNDArray gradient = (PtNDArray) Scalars.in(network.manager(), 1.0 / numTerms);
      for (DeferredScores.Result it : forwards) {
        JniUtils.backward((PtNDArray) it.lossSum(), gradient, false, false);
        sync.backwardDone();
      }
    } finally {
      open.forEach(DeviceBatch::close);
    }
  }

  /**
   * @param numTerms terms of the loss in this batch
   * @param share of the step's terms that are in this batch
   */
  private DeferredScores.Result forward(
      EpochPlan.Epoch epoch,
      DeviceBatch batch,
      int numTerms,
      float share,
      RunningStatistics statistics) {
    memory.require(batch);
    long seed = settings.seeds().dropout(batch.epoch(), batch.number());
    BatchTensors tensors = BatchTensors.of(network.manager(), batch, labels);
    RunningStatistics.View view = statistics.view();
    ForwardPass pass = ForwardPass.training(view, seed);
    NDArray logits =
        TorchEngine.forward(
            network.manager().getDevice(),
            seed,
            () -> network.logits(tensors.features(), tensors.edges(), pass));
    statistics.add(view, share);
    sync.forwardDone(statistics);
    return result(epoch, batch, epoch.stepOf(batch.number()), numTerms, logits, tensors, pass);
  }

  /**
   * Forward only: without dropout and gradients, with the running statistics of batch
   * normalisation.
   */
  void evaluate(EpochPlan.Epoch epoch, DeviceBatch batch, DeferredScores scores) {
    int numTerms = loss.numTerms(epoch.seeds(batch.number()));
    if (numTerms == 0) {
      return;
    }
    try (NDScope scope = new NDScope();
        GradMode _ = GradMode.off()) {
      scope.suppressNotUsedWarning();
      BatchTensors tensors = BatchTensors.of(network.manager(), batch, labels);
      ForwardPass pass = network.prediction();
      NDArray logits = network.logits(tensors.features(), tensors.edges(), pass);
      scores.add(result(epoch, batch, batch.number(), numTerms, logits, tensors, pass));
    }
  }

  /** Where the results of an evaluation go that ranks share. */
  ScoreExchange exchange(Ranks ranks, Scores scores) {
    return new ScoreExchange(ranks, network.manager(), scores);
  }

  private DeferredScores.Result result(
      EpochPlan.Epoch epoch,
      DeviceBatch batch,
      int number,
      int numTerms,
      NDArray logits,
      BatchTensors tensors,
      ForwardPass pass) {
    Task.Terms terms = loss.of(epoch, batch, logits, tensors.labels(), pass);
    return new DeferredScores.Result(
        number, terms.sum(), numTerms, terms.scores(), terms.answers());
  }

  /**
   * Forward only, as {@link #evaluate}.
   *
   * @param read takes what is needed from the model's output for the batch's distinct seeds, one
   *     row a seed; the output is closed afterwards
   */
  <T> T predict(DeviceBatch batch, Function<NDArray, T> read) {
    try (NDScope scope = new NDScope();
        GradMode _ = GradMode.off()) {
      scope.suppressNotUsedWarning();
      BatchTensors tensors = BatchTensors.of(network.manager(), batch, labels);
      return read.apply(network.logits(tensors.features(), tensors.edges(), network.prediction()));
    }
  }

  /**
   * Scores pairs of rows that {@link #predict} has given, with the present weights.
   *
   * @param dim columns of a row
   */
  PairScorer pairScorer(int dim) {
    return PairScorer.of(dim, network.learned());
  }
}
