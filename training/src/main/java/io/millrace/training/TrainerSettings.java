package io.millrace.training;

import io.millrace.BadInputException;
import io.millrace.ranks.RankSum;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.draw.Draw;
import io.millrace.sampler.draw.TimeRule;
import io.millrace.slicing.cache.CacheSettings;
import io.millrace.training.link.LinkObjective;
import io.millrace.training.nn.EdgeNeeds;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.optim.OptimizerSettings;
import io.millrace.training.parallel.PartitionSettings;
import io.millrace.training.parallel.Ranks;
import io.millrace.training.task.Objective;
import io.millrace.training.torch.TorchDevice;
import io.millrace.transfer.PipelineSettings;
import io.millrace.transfer.SharedBatches;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * All settings of a training, complete: values only. {@link TrainerBuilder} says what each
 * component means; {@link TrainingSetup} makes the parts of a training from them. Immutable.
 *
 * @param links what link prediction learns; empty for the classes of nodes
 * @param regression whether targets are learned, not labels
 * @param seed of the first weights and of dropout
 * @param samplingSeed of the batches
 * @param directory where the training is saved, if it is
 * @param evaluationCacheBytes for batches of the validation nodes; 0 keeps none
 * @param ranks that share the training
 */
record TrainerSettings(
    GraphModel model,
    Fanout fanout,
    Fanout evalFanout,
    Draw draw,
    Optional<TimeRule> times,
    int batchSize,
    VirtualNodes virtualNodes,
    int evalBatchSize,
    OptimizerSettings optimizer,
    Objective objective,
    Optional<LinkObjective> links,
    boolean regression,
    OptionalInt patience,
    PipelineSettings pipeline,
    long seed,
    long samplingSeed,
    int computeThreads,
    Optional<Path> directory,
    OptionalInt checkpointEvery,
    Optional<Path> resumeFrom,
    Optional<CacheSettings> featureCache,
    Optional<PartitionSettings> partition,
    long evaluationCacheBytes,
    Optional<SharedBatches> sharedBatches,
    TorchDevice device,
    Ranks ranks) {
  TrainerSettings {
    requireLayers(model, "fanout", fanout);
    requireLayers(model, "evalFanout", evalFanout);
    EdgeNeeds.requireDraw(model, draw);
    requireTimes(draw, times, links);
    if (regression && links.isPresent()) {
      throw new BadInputException("a training predicts links or targets, not both");
    }
    if (partition.isPresent() && (featureCache.isPresent() || sharedBatches.isPresent())) {
      throw new BadInputException(
          "rows that are divided among ranks are neither cached from a file nor shared");
    }
    if (checkpointEvery.isPresent() && directory.isEmpty()) {
      throw BadInputException.of(
          "checkpoints need a directory to be saved to",
          "checkpointEvery",
          checkpointEvery.getAsInt());
    }
  }

  private static void requireTimes(
      Draw draw, Optional<TimeRule> times, Optional<LinkObjective> links) {
    boolean byTime = links.flatMap(LinkObjective::byTime).isPresent();
    if (times.isPresent() && !byTime && !draw.needsTimes()) {
      throw BadInputException.of(
          "rules of time need links by time, or a draw by time",
          "times",
          times.get(),
          "draw",
          draw);
    }
    if (byTime && times.filter(TimeRule::until).isPresent()) {
      throw BadInputException.of(
          "until its own time, a link sees itself: take before", "times", times.get());
    }
    if (links.isPresent() && !byTime && draw.needsTimes()) {
      throw BadInputException.of("a draw by time needs links by time", "draw", draw);
    }
  }

  /** Which edges count, if nodes are looked at at a time. */
  Optional<TimeRule> timeRule() {
    boolean byTime = links.flatMap(LinkObjective::byTime).isPresent();
    return times.or(
        () -> byTime || draw.needsTimes() ? Optional.of(TimeRule.before()) : Optional.empty());
  }

  private static void requireLayers(GraphModel model, String name, Fanout fanout) {
    if (fanout.numHops() != model.numHops()) {
      throw BadInputException.of(
          "fanout must have one entry per layer", name, fanout, "layers", model.numHops());
    }
  }

  TrainingSeeds seeds() {
    return new TrainingSeeds(seed);
  }

  /** All that ranks must have in common, by name. */
  Map<String, String> common() {
    Map<String, String> common = new LinkedHashMap<>(identity());
    common.put("virtualNodesOfRanks", ranks.division());
    common.put("rankSum", ranks.sum().name());
    common.put("pauseWhen", String.valueOf(ranks.mayPause()));
    common.put("partition", partition.map(it -> it.assignment().fingerprint()).orElse("none"));
    common.put("patience", String.valueOf(patience));
    common.put("checkpointEvery", String.valueOf(checkpointEvery));
    common.put("saveTo", directory.isPresent() ? "a directory" : "none");
    common.put("resumeFrom", resumeFrom.isPresent() ? "a directory" : "none");
    return common;
  }

  /** Whether a checkpoint is due in the middle of an epoch. */
  boolean isCheckpointAfter(int batch) {
    return directory.isPresent()
        && checkpointEvery.isPresent()
        && (batch + 1) % checkpointEvery.getAsInt() == 0;
  }

  /**
   * The settings that the result depends on, as a checkpoint stores them: a training that resumes
   * must have the same. Left out are the number of epochs and what affects only time and memory.
   */
  Map<String, String> identity() {
    Map<String, String> identity = new LinkedHashMap<>();
    identity.put("model", SettingsText.of(model));
    identity.put("fanout", fanout.toString());
    identity.put("evalFanout", evalFanout.toString());
    if (!draw.equals(Draw.uniform())) { // checkpoints that were written before have no draw
      identity.put("draw", draw.toString());
    }
    times.ifPresent(it -> identity.put("times", it.toString()));
    identity.put("batchSize", String.valueOf(batchSize));
    identity.put("virtualNodes", String.valueOf(virtualNodes.number()));
    identity.put("evalBatchSize", String.valueOf(evalBatchSize));
    identity.put("optimizer", SettingsText.of(optimizer));
    identity.put(
        "objective",
        links
            .map(it -> it.text() + " by " + SettingsText.of(objective.metric()))
            .orElse(SettingsText.of(objective)));
    if (regression) {
      identity.put("task", "regression");
    }
    if (ranks.sum() == RankSum.RING) { // of other ranks, it has another order
      identity.put("rankSum", "ring of virtual nodes " + ranks.division());
    }
    if (ranks.staleness().isStale()) { // a checkpoint waits for all, so it changes the weights
      identity.put("staleness", ranks.staleness().toString());
      identity.put("checkpointEvery", String.valueOf(checkpointEvery));
    }
    identity.put("seed", String.valueOf(seed));
    if (samplingSeed != seed) { // as draw
      identity.put("samplingSeed", String.valueOf(samplingSeed));
    }
    return identity;
  }
}
