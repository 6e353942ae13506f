package io.millrace.training;

import io.millrace.ranks.RanksPausedException;
import io.millrace.sampler.EpochPlan;
import io.millrace.slicing.cache.FeatureCache;
import io.millrace.training.CheckpointHeader.OpenEpoch;
import io.millrace.training.metrics.Scores;
import io.millrace.training.parallel.EpochLedger;
import io.millrace.training.parallel.EpochLedger.Together;
import io.millrace.training.parallel.PartitionedRows;
import io.millrace.training.parallel.Ranks;
import io.millrace.training.torch.TorchEngine;
import io.millrace.transfer.BatchSource;
import io.millrace.transfer.BatchStream;
import io.millrace.transfer.EpochStats;
import io.millrace.transfer.PipelineException;
import java.util.Optional;

/**
 * The loop of {@link GraphTrainer#epoch}: step after step, checkpoints between them, and at the end
 * the batch statistics of the weights that were reached.
 *
 * <p>Used on the trainer's thread; owns nothing. The next class to read is {@link TrainingStep}.
 */
final class EpochLoop {
  private final TrainingSetup setup;
  private final TrainerSettings settings;
  private final TrainingState state;
  private final EpochPlan plan;
  private final TrainingStep step;
  private final BatchSource source;
  private final Optional<FeatureCache> cache;
  private final Optional<PartitionedRows> parts;
  private final TrainingTrace trace;
  private final PopulationStatistics statistics;
  private final Ranks ranks;
  private boolean underWay;

  EpochLoop(
      TrainingSetup setup,
      TrainingState state,
      EpochPlan plan,
      TrainingStep step,
      BatchSource source,
      Optional<FeatureCache> cache,
      Optional<PartitionedRows> parts,
      TrainingTrace trace) {
    this.setup = setup;
    settings = setup.settings();
    this.state = state;
    this.plan = plan;
    this.step = step;
    this.source = source;
    this.cache = cache;
    this.parts = parts;
    this.trace = trace;
    statistics = new PopulationStatistics(setup, state.network());
    ranks = settings.ranks();
  }

  /** Whether the caller is a listener within an epoch. */
  boolean underWay() {
    return underWay;
  }

  /** Trains the epoch that is next, or what is left of it. */
  EpochReport run(TrainingListener listener) {
    try {
      return train(listener);
    } catch (PipelineException e) {
      throw ranks.failed(e);
    } catch (Throwable t) {
      ranks.fail(t);
      throw t;
    }
  }

  private EpochReport train(TrainingListener listener) {
    EpochPlan.Epoch epoch = plan.epoch(state.epoch());
    setup.data().requireUnchanged();
    int firstStep = state.open().firstStep(epoch);
    ranks.requireSame(state.fingerprint(ranks));
    OpenEpoch before = state.enterEpoch();
    EpochLedger ledger = new EpochLedger(ranks, new Together(before.stats(), before.sums()));
    Scores sums = ledger.begin(setup.task().trainingScores());
    EpochStats ownBefore = ledger.ownBefore(ranks.numOwnBefore(epoch, firstStep));
    TorchEngine.computeThreads(settings.computeThreads());
    cache.ifPresent(FeatureCache::beginEpoch); // before a worker takes a row
    parts.ifPresent(PartitionedRows::beginEpoch);
    BatchStream batches = source.resume(ranks.own(epoch, setup.task().batches(epoch)), ownBefore);
    underWay = true;
    trace.beginEpoch();
    try (batches;
        DeferredScores scores =
            DeferredScores.on(settings.device(), "epoch", epoch.number() + 1, sums)) {
      for (int s = firstStep; s < epoch.numSteps(); s++) {
        int number = s;
        trace.compute(
            s, ranks.numOwn(epoch, s), () -> step.train(epoch, number, batches, scores, ledger));
        EpochStats stats = batches.stats();
        listener.batchDone(
            new BatchProgress(epoch.number(), s, epoch.numSteps(), sums.loss(), stats.waitShare()));
        if (s + 1 < epoch.numSteps()) {
          Optional<RanksPausedException> pause = ranks.pause();
          if (pause.isPresent() || settings.isCheckpointAfter(s)) {
            scores.readAll();
            step.catchUp();
            Together present = ledger.together(stats, sums.sums());
            state.save(new OpenEpoch(present.stats(), present.sums()));
          }
          if (pause.isPresent()) {
            throw pause.get();
          }
        }
      }
      scores.readAll();
      step.catchUp();
    } finally {
      cache.ifPresent(FeatureCache::endEpoch);
      parts.ifPresent(PartitionedRows::endEpoch);
      trace.endEpoch();
      underWay = false;
    }
    Together done = ledger.together(batches.stats(), sums.sums());
    if (!ranks.isAlone()) {
      sums.restore(done.sums());
    }
    statistics.measure(source, plan.epoch(epoch.number() + 1));
    state.leaveEpoch();
    return new EpochReport(epoch.number(), sums.sum(), state.lastLearningRate(), done.stats());
  }
}
