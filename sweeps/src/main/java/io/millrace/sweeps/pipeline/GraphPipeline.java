package io.millrace.sweeps.pipeline;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.WriterLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Steps from tables to predictions, such as an import, a training and an inference, in one process:
 * a dataset is opened once for all of them, and a second run does only what changed.
 *
 * <pre>{@code
 * GraphPipeline.of(
 *         Path.of("pipeline.json"),
 *         List.of(
 *             PipelineStep.of("import", data, _ -> importer.importTo(data))
 *                 .reads(edges)
 *                 .setting("undirected", true),
 *             PipelineStep.of("train", model, datasets -> train(datasets.open(data, AUTO), model))
 *                 .reads(data)
 *                 .setting("lr", 0.01)
 *                 .resuming()))
 *     .run(PipelineListener.NONE);
 * }</pre>
 *
 * <p>A step runs if it has not run before or was interrupted, if a setting or a file that it reads
 * changed, if a step whose output it reads ran, or if its output is missing. Its old output is
 * deleted first. A pipeline that was killed at any moment is run again: steps that were done stay,
 * and the one that was interrupted resumes or begins again.
 *
 * <p>Immutable; one thread at a time runs it, and one process at a time has the record. Next class
 * to read: {@link PipelineStep}.
 */
public final class GraphPipeline {
  private final Path record;
  private final List<PipelineStep> steps;

  private GraphPipeline(Path record, List<PipelineStep> steps) {
    this.record = record;
    this.steps = steps;
  }

  /**
   * @param record the file, in a folder that exists, that keeps what was done
   * @param steps in the order in which they run
   * @throws BadInputException if two steps have one name, or outputs that are the same or in each
   *     other; if the record is in an output; or if a step reads what only itself or a later one
   *     makes
   */
  public static GraphPipeline of(Path record, List<PipelineStep> steps) {
    List<PipelineStep> all = List.copyOf(steps);
    Set<String> names = new HashSet<>();
    for (int i = 0; i < all.size(); i++) {
      PipelineStep step = all.get(i);
      if (!names.add(step.name())) {
        throw BadInputException.of("each step has a name of its own", "step", step.name());
      }
      if (StepState.isIn(record, step.output())) {
        throw BadInputException.of(
            "the record of a pipeline is in no output",
            "step",
            step.name(),
            "output",
            step.output(),
            "record",
            record);
      }
      for (PipelineStep earlier : all.subList(0, i)) {
        if (StepState.isIn(step.output(), earlier.output())
            || StepState.isIn(earlier.output(), step.output())) {
          throw BadInputException.of(
              "each step has an output of its own, in no other's",
              "step",
              step.name(),
              "output",
              step.output(),
              "other",
              earlier.name());
        }
      }
      for (PipelineStep later : all.subList(i, all.size())) {
        if (step.inputs().stream().anyMatch(it -> StepState.isIn(it, later.output()))) {
          throw BadInputException.of(
              "a step reads what earlier ones make", "step", step.name(), "reads", later.name());
        }
      }
    }
    return new GraphPipeline(record, all);
  }

  /**
   * What {@link #run} would do. Reads inputs whose size or time changed, and writes nothing.
   *
   * @throws BadInputException if a file that a step reads is missing, or the record is damaged
   */
  public List<StepPlan> plan() {
    PipelineRecord records = PipelineRecord.read(record);
    List<StepPlan> plans = new ArrayList<>();
    Set<String> running = new HashSet<>();
    for (PipelineStep step : steps) {
      StepPlan plan = StepState.of(step, steps, records, running).plan();
      if (plan.runs()) {
        running.add(step.name());
      }
      plans.add(plan);
    }
    return plans;
  }

  /**
   * Runs the steps that are to be run, if none of them lacks an input or finds another's output.
   *
   * @return a report for each step, in their order
   * @throws BadInputException if a file that a step reads is missing; if an output exists that is
   *     not in the record, or was changed since; if another process runs the pipeline; and what the
   *     steps throw
   */
  public List<StepReport> run(PipelineListener listener) {
    try (WriterLock _ = WriterLock.ofFile(record);
        OpenDatasets datasets = new OpenDatasets()) {
      PipelineRecord records = PipelineRecord.read(record);
      for (PipelineStep step : steps) {
        StepState.requireReady(step, steps, records);
      }
      List<StepReport> reports = new ArrayList<>();
      for (PipelineStep step : steps) {
        reports.add(run(step, records, datasets, listener));
      }
      return reports;
    }
  }

  private StepReport run(
      PipelineStep step, PipelineRecord records, OpenDatasets datasets, PipelineListener listener) {
    long startNanos = System.nanoTime();
    StepState state = StepState.of(step, steps, records, Set.of());
    StepPlan plan = state.plan();
    double checkSeconds = secondsSince(startNanos);
    listener.planned(plan);
    if (!plan.runs()) {
      return new StepReport(plan, checkSeconds, 0);
    }
    state.prepareOutput();
    StepRecord begun = state.begun();
    records.put(step.name(), begun);
    long workNanos = System.nanoTime();
    try {
      work(step, datasets);
    } catch (RuntimeException e) { // not an Error, after which as after a kill little is sure
      keepFailed(step, begun, records, e);
      throw e;
    }
    double seconds = secondsSince(workNanos);
    records.put(step.name(), begun.ended(FileState.ofOutput(step.output())));
    StepReport report = new StepReport(plan, checkSeconds, seconds);
    listener.ended(report);
    return report;
  }

  private static void work(PipelineStep step, OpenDatasets datasets) {
    step.work().run(datasets);
    if (!Files.exists(step.output())) {
      throw BadInputException.of(
          "a step makes its output", "step", step.name(), "output", step.output());
    }
  }

  /** What stands there later, and was not left by the step, is somebody's. */
  private static void keepFailed(
      PipelineStep step, StepRecord begun, PipelineRecord records, RuntimeException failure) {
    try {
      records.put(step.name(), begun.failed(FileState.ofOutput(step.output())));
    } catch (BadInputException e) {
      failure.addSuppressed(e);
    }
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }
}
