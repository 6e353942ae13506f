package io.millrace.cli.train;

import io.millrace.BadInputException;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.files.ObjectiveText;
import io.millrace.training.loss.Loss;
import io.millrace.training.metrics.AnswerKind;
import io.millrace.training.metrics.Metric;
import io.millrace.training.optim.Optimizer;
import io.millrace.training.optim.Schedule;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * The options of epochs, metric, loss, optimizer and schedule, to be passed to a {@link
 * TrainerBuilder}.
 */
final class LearningOptions {
  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "10",
      description = "Epochs (default: ${DEFAULT-VALUE}).")
  int epochs;

  @Option(
      names = "--patience",
      paramLabel = "N",
      description = "Stop after N epochs without improvement (default: train all epochs).")
  private Optional<Integer> patience = Optional.empty();

  @Option(
      names = "--metric",
      paramLabel = "METRIC",
      description =
          "Selects the best epoch and is reported: accuracy, f1-micro, f1-macro, rocauc; of links"
              + " also average-precision, mrr, hits-50; of targets r2, rmse, mae; or a class of"
              + " your own (default: accuracy; of links rocauc; of targets r2).")
  private Optional<Metric> metric = Optional.empty();

  @Option(
      names = "--loss",
      paramLabel = "LOSS",
      description =
          "cross-entropy, bce; of targets mse, mae, huber; or a class of your own (default:"
              + " cross-entropy; bce if a node can have several labels; mse).")
  private Optional<Loss> loss = Optional.empty();

  @Option(
      names = "--class-weights",
      paramLabel = "equal|balanced|FILE",
      defaultValue = "equal",
      description =
          "Weights of the classes in the loss. balanced: rare classes count more; FILE: one number"
              + " per class (default: ${DEFAULT-VALUE}).")
  private WeightsChoice classWeights;

  @Option(
      names = "--optimizer",
      paramLabel = "adam|adamw|sgd",
      defaultValue = "adam",
      description = "Formulas and defaults as in torch.optim (default: ${DEFAULT-VALUE}).")
  private OptimizerKind optimizer;

  @Option(names = "--momentum", paramLabel = "X", description = "Momentum of sgd (default: 0.9).")
  private Optional<Double> momentum = Optional.empty();

  @Option(
      names = "--lr",
      paramLabel = "X",
      defaultValue = "" + TrainerBuilder.LEARNING_RATE,
      description = "Learning rate (default: ${DEFAULT-VALUE}).")
  private double learningRate;

  @Option(
      names = "--lr-schedule",
      paramLabel = "S",
      defaultValue = "constant",
      description = {
        "constant; cosine: falls to 0; step:N,X: multiplied by X every N epochs;",
        "plateau:N,X: multiplied by X after N epochs without improvement; or a class of your own"
            + " (default: ${DEFAULT-VALUE})."
      })
  private ScheduleChoice schedule;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Epochs in which the rate rises to --lr; the schedule begins after them (default:"
              + " ${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(
      names = "--weight-decay",
      paramLabel = "X",
      defaultValue = "0",
      description = "L2 penalty; with adamw decoupled weight decay (default: ${DEFAULT-VALUE}).")
  private double weightDecay;

  @Option(
      names = "--clip",
      paramLabel = "X",
      description = "Clip the norm of the gradients to X (default: none).")
  private Optional<Double> clip = Optional.empty();

  Metric metric(AnswerKind answers) {
    return metric.orElse(Metric.usual(answers));
  }

  void apply(TrainerBuilder builder) {
    metric.ifPresent(builder::metric);
    builder
        .classWeights(classWeights.weights())
        .optimizer(optimizer.optimizer(momentum))
        .learningRate(learningRate)
        .schedule(fullSchedule())
        .weightDecay(weightDecay);
    loss.ifPresent(builder::loss);
    patience.ifPresent(builder::patience);
    clip.ifPresent(builder::clipNorm);
  }

  private Schedule fullSchedule() {
    if (warmUp < 0 || warmUp > 0 && warmUp >= epochs) {
      throw BadInputException.of(
          "--warmup must leave an epoch to the schedule", "warmup", warmUp, "epochs", epochs);
    }
    Schedule after = schedule.over().apply(Math.max(1, epochs - warmUp));
    return warmUp == 0 ? after : after.warmUp(warmUp);
  }

  /** The options that the result depends on, for JSON, with the momentum that is actually used. */
  Map<String, Object> settings(AnswerKind answers) {
    Map<String, Object> settings = OptionValues.of(this);
    settings.replace("metric", ObjectiveText.text(metric(answers)));
    settings.put(
        "momentum",
        optimizer.optimizer(momentum) instanceof Optimizer.Sgd sgd ? sgd.momentum() : null);
    return settings;
  }
}
