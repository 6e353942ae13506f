package io.millrace.spark.barrier;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.Fanout;
import io.millrace.sweeps.Trial;
import io.millrace.sweeps.space.Parameter;
import io.millrace.sweeps.space.SearchSpace;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.nn.LayeredModel;
import io.millrace.training.torch.TorchDevice;
import io.millrace.transfer.DeviceChoice;
import java.io.Serial;
import java.io.Serializable;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The trainings of a sweep: what all trials have in common, and the options of {@code train} that a
 * trial may have a value of its own for. Immutable.
 *
 * @param common of all trials, without a directory
 */
@Internal
public record TrialPlan(TrainingPlan common) implements Serializable {
  @Serial private static final long serialVersionUID = 1;
  private static final String VIRTUAL_NODES = "virtual-nodes";
  private static final String DROPOUT = "dropout";

  /** What no array depends on, so that population-based training may change it. */
  public static final Set<String> CHANGING = Set.of("lr", DROPOUT, "weight-decay");

  private static final Set<String> NAMES =
      Set.of(
          "model",
          "hidden",
          "fanout",
          "eval-fanout",
          "batch-size",
          VIRTUAL_NODES,
          "lr",
          "weight-decay",
          DROPOUT);

  /**
   * Tries each value of the space, and both ends of a range, by itself.
   *
   * @throws BadInputException with file and line, if a training on Spark does not have an option or
   *     its value
   */
  public void requireFitting(SearchSpace space, GraphDataset data) {
    for (Map.Entry<String, Parameter> parameter : space.parameters().entrySet()) {
      String name = parameter.getKey();
      if (!NAMES.contains(name)) {
        throw space.wrong(name, "a sweep on Spark tries one of " + new TreeSet<>(NAMES));
      }
      for (String value : parameter.getValue().extremes()) {
        requireFitting(space, data, name, value);
      }
    }
  }

  private void requireFitting(SearchSpace space, GraphDataset data, String name, String value) {
    try {
      Trial trial = new Trial(0, 0, Map.of(name, value));
      trainer(trial, data, TorchDevice.of(DeviceChoice.CPU));
      if (with(trial).virtualNodes() < common.numWorkers()) {
        throw new BadInputException(
            "each of " + common.numWorkers() + " ranks needs a virtual node");
      }
    } catch (BadInputException e) {
      throw space.wrong(name, e.getMessage());
    }
  }

  /**
   * @param device where this rank computes
   * @throws BadInputException if a value does not fit
   */
  public TrainerBuilder trainer(Trial trial, GraphDataset data, TorchDevice device) {
    TrainingPlan plan = with(trial);
    TrainerBuilder builder = plan.builder(data, device);
    if (trial.settings().containsKey(DROPOUT)) {
      LayeredModel<?> model = TrainingPlan.kind(plan.model()).of(plan.hidden(), plan.numHops());
      builder.model(model.layers(model.layers().dropout(trial.real(DROPOUT))));
    }
    return builder;
  }

  private TrainingPlan with(Trial trial) {
    return new TrainingPlan(
        common.numWorkers(),
        common.dataset(),
        trial.settings().getOrDefault("model", common.model()),
        number(trial, "hidden", common.hidden()),
        fanout(trial, "fanout", common.fanout()),
        fanout(trial, "eval-fanout", common.evalFanout()),
        number(trial, "batch-size", common.batchSize()),
        number(trial, VIRTUAL_NODES, common.virtualNodes()),
        common.epochs(),
        real(trial, "lr", common.learningRate()),
        real(trial, "weight-decay", common.weightDecay()),
        common.patience(),
        trial.seed(),
        common.computeThreads(),
        common.checkpoint(),
        common.checkpointEvery(),
        common.useGpu());
  }

  private static int number(Trial trial, String name, int otherwise) {
    return trial.settings().containsKey(name) ? trial.integer(name) : otherwise;
  }

  private static double real(Trial trial, String name, double otherwise) {
    return trial.settings().containsKey(name) ? trial.real(name) : otherwise;
  }

  private static int[] fanout(Trial trial, String name, int[] otherwise) {
    if (!trial.settings().containsKey(name)) {
      return otherwise;
    }
    Fanout fanout = Fanout.parse(trial.text(name));
    return IntStream.rangeClosed(1, fanout.numHops()).map(fanout::at).toArray();
  }
}
