package io.millrace.cli.sweep;

import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Output;
import io.millrace.cli.report.RunPage;
import io.millrace.cli.train.TrainLine;
import io.millrace.datasets.GraphDataset;
import io.millrace.sweeps.Trial;
import io.millrace.sweeps.TrialTraining;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.TrainingListener;
import io.millrace.training.torch.TorchDevice;
import java.nio.file.Path;

/**
 * The trials of {@code sweep}, each as a line of {@code train}; their folders are as {@code train
 * --save} leaves them. Immutable; the dataset stays the caller's.
 */
record TrainedTrials(
    TrialLines lines,
    GraphDataset data,
    Path dataset,
    TorchDevice device,
    CommonOptions common,
    Output output)
    implements TrialTraining {
  @Override
  public TrainerBuilder trainer(Trial trial) {
    return lines.line(trial).trainer(data, dataset, common, device);
  }

  @Override
  public TrainingListener listener(Trial trial, Path folder) {
    return lines.line(trial).listener(folder);
  }

  @Override
  public void left(Trial trial, Path folder, GraphTrainer trainer, FitResult result) {
    TrainLine line = lines.line(trial);
    line.write(folder, data.name(), device, trial.seed(), trainer, result, output);
  }

  @Override
  public boolean isKept(Path folder, int epochs) {
    return RunPage.isWritten(folder, epochs);
  }

  @Override
  public void copied(Trial trial, Path from, Path folder) {
    TrainLine.copyEpochs(from, folder);
  }
}
