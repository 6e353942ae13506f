package io.millrace.cli.train;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Output;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.platform.AtomicFile;
import io.millrace.datasets.platform.IoErrors;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.TrainingListener;
import io.millrace.training.metrics.Metric;
import io.millrace.training.torch.TorchDevice;
import io.millrace.transfer.trace.PipelineMetrics;
import io.millrace.transfer.trace.Stage;
import io.millrace.tuning.Verdict;
import io.millrace.tuning.model.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A training as a line of options of {@code train}, for commands that train many: its builder, and
 * the files that {@code train --save} leaves. Used by one thread at a time.
 */
@Internal
public final class TrainLine {
  private static final String NAME = "train";

  private final TrainOptions options;
  private final SavedOptions given;

  private TrainLine(TrainOptions options, SavedOptions given) {
    this.options = options;
    this.given = given;
  }

  /**
   * Parses a line.
   *
   * @param millrace the command that has {@code train}, and was not used before
   * @param args dataset and options
   * @throws CommandLine.ParameterException if they are not those of {@code train}
   */
  public static TrainLine parse(CommandLine millrace, List<String> args) {
    List<String> line = new ArrayList<>(List.of(NAME));
    line.addAll(args);
    millrace.parseArgs(line.toArray(String[]::new));
    CommandLine train = millrace.getSubcommands().get(NAME);
    TrainCommand command = train.getCommand();
    return new TrainLine(command.options(), SavedOptions.given(train.getCommandSpec()));
  }

  /** The options that decide what is trained, without the leading dashes. */
  public static Set<String> names() {
    Set<String> names = new TreeSet<>();
    for (OptionSpec option : CommandSpec.forAnnotatedObject(new TrainOptions()).options()) {
      names.add(option.longestName().substring(2));
    }
    return names;
  }

  /**
   * The training on a dataset, without seed and folder.
   *
   * @param directory of the dataset
   */
  public TrainerBuilder trainer(
      GraphDataset data, Path directory, CommonOptions common, TorchDevice device) {
    TrainerBuilder builder = options.trainer(data, common).device(device);
    options.link.objective(directory, data.graph().numNodes()).ifPresent(builder::links);
    return builder;
  }

  /** Refuses an impossible model. */
  public void requireModel() {
    options.requireModel();
  }

  /** What selects the best epoch. */
  public Metric metric() {
    return options.learning.metric(options.link.answers());
  }

  /** A value of a metric, as {@code train} writes it. */
  public static String text(Metric metric, double value) {
    return TrainResult.text(metric, value);
  }

  /** Keeps the options in the folder, and a line for each epoch. */
  public TrainingListener listener(Path folder) {
    given.write(folder);
    return new EpochLog(folder);
  }

  /**
   * Writes {@code run.json} and {@code report.html}.
   *
   * @param seed of the training
   */
  public void write(
      Path folder,
      String dataset,
      TorchDevice device,
      long seed,
      GraphTrainer trainer,
      FitResult result,
      Output output) {
    PipelineMetrics metrics = trainer.metrics();
    Verdict verdict = Verdict.of(metrics, Stage.COMPUTE, Resources.ofMachine());
    new SavedTraining(dataset, options, device, seed)
        .write(folder, result, verdict, metrics, List.of(), output);
  }

  /** Replaces the lines of the epochs in a folder by those of another. */
  public static void copyEpochs(Path from, Path folder) {
    for (String name : EpochLog.FILES) {
      try {
        AtomicFile.write(folder.resolve(name), Files.readAllBytes(from.resolve(name)), false);
      } catch (IOException e) {
        throw BadInputException.of(
            "epochs cannot be copied", "file", from.resolve(name), "cause", IoErrors.cause(e));
      }
    }
  }
}
