package io.millrace.cli.train;

import io.millrace.Internal;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.ProgressLine;
import io.millrace.training.BatchProgress;
import io.millrace.training.EpochReport;
import io.millrace.training.TrainingListener;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.metrics.Metric;

/**
 * Shows a run of training: a line for each epoch and, on a terminal, below them one bar over all
 * epochs.
 *
 * <p>It is called by the thread that trains. Close it, also on failure.
 */
@Internal
public final class TrainingProgress implements TrainingListener, AutoCloseable {
  private final Output output;
  private final ProgressLine line;
  private final String task;
  private final int numEpochs;
  private final Metric metric;
  private boolean started;

  /**
   * @param numEpochs the most epochs that there can be
   * @param metric the metric that is shown
   * @param task prefix of each line, for instance "run 2/3"; may be empty
   */
  public TrainingProgress(Output output, String task, int numEpochs, Metric metric) {
    this.output = output;
    this.line = output.progressLine();
    this.task = task;
    this.numEpochs = numEpochs;
    this.metric = metric;
  }

  @Override
  public void batchDone(BatchProgress progress) {
    long done = (long) progress.epoch() * progress.numBatches() + progress.batch() + 1;
    if (!started) {
      line.start(task, done, (long) numEpochs * progress.numBatches());
      started = true;
    }
    line.update(
        done,
        Format.format(
            "epoch %d/%d  loss %.3f  waiting %.1f %%",
            progress.epoch() + 1, numEpochs, progress.loss(), 100 * progress.waitShare()));
  }

  @Override
  public void epochDone(EpochReport report, Evaluation valid) {
    String text =
        Format.format(
            "%sepoch %d/%d: loss %.4f, valid %s %s, %.2f s, %.1f batches/s, waiting %.1f %%",
            task.isEmpty() ? "" : task + " ",
            report.epoch() + 1,
            numEpochs,
            report.training().loss(),
            metric.title(),
            TrainResult.text(metric, metric.of(valid)),
            report.seconds(),
            report.batchesPerSecond(),
            100 * report.waitShare());
    output.noteAbove(line, text);
  }

  /** A line above the bar. */
  void note(String text) {
    output.noteAbove(line, text);
  }

  @Override
  public void close() {
    line.stop();
  }
}
