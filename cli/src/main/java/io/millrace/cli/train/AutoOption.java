package io.millrace.cli.train;

import io.millrace.cli.command.Output;
import io.millrace.datasets.csr.BuildMemory;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainingListener;
import io.millrace.training.torch.TorchEngine;
import io.millrace.tuning.auto.AutoTuning;
import io.millrace.tuning.auto.Decision;
import io.millrace.tuning.auto.Limits;
import io.millrace.tuning.auto.Size;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The option that adjusts workers and slots of a training while it runs. */
final class AutoOption {
  @Option(
      names = "--auto",
      description =
          "Adjust workers and slots while it trains: each change is measured, and kept if it pays."
              + " Workers and --compute-threads together are at most the cores.")
  private boolean auto;

  /** Of the last run. */
  private Optional<AutoTuning> tuning = Optional.empty();

  /**
   * What the training has to be given.
   *
   * @param lines for a line for each change that was tried
   */
  TrainingListener begin(GraphTrainer trainer, Consumer<String> lines) {
    if (!auto) {
      return TrainingListener.NONE;
    }
    int cores = Runtime.getRuntime().availableProcessors();
    int computeThreads = Math.min(cores, TorchEngine.computeThreads());
    Limits limits = new Limits(cores, computeThreads, BuildMemory.ofAvailable().bytes());
    if (trainer.pipelineSize().numWorkers() >= cores - computeThreads) {
      lines.accept(
          "auto: no core is free for one more worker, only slots are adjusted: --compute-threads "
              + computeThreads
              + ", cores "
              + cores);
    }
    AutoTuning listener = AutoTuning.of(trainer, limits, it -> lines.accept("auto: " + it.text()));
    tuning = Optional.of(listener);
    return listener;
  }

  /** How to have the same without trying. */
  void print(Output output) {
    tuning.ifPresent(
        it -> {
          long kept = it.decisions().stream().filter(Decision::kept).count();
          output.result(
              "auto: %d changes tried, %d kept: %s",
              it.decisions().size(), kept, it.size().options());
        });
  }

  Optional<Map<String, Object>> json() {
    return tuning.map(
        it -> {
          Size size = it.size();
          Map<String, Object> json = new LinkedHashMap<>();
          json.put("workers", size.workers());
          json.put("slots", size.slots());
          json.put("decisions", it.decisions().stream().map(Decision::json).toList());
          return json;
        });
  }
}
