package io.millrace.transfer.trace;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * The figures of a {@link PipelineTrace} in a registry of Micrometer, for any of its monitoring
 * systems; needs the library {@code micrometer-core}, which Millrace does not bring along.
 *
 * <pre>{@code
 * new PipelineMeters(trainer.trace()).bindTo(registry);
 * }</pre>
 *
 * <p>For each stage, with its label as the tag {@code stage} and summed over threads: {@code
 * millrace.stage} (completions and wall time), {@code millrace.stage.cpu} (seconds), {@code
 * millrace.stage.nodes}, {@code .edges} and {@code .bytes}. They are read from the trace when the
 * registry asks, so they cost nothing while it does not. A registry holds the trace weakly: the
 * trainer keeps it. Thread-safe.
 */
public final class PipelineMeters implements MeterBinder {
  private final PipelineTrace trace;

  /**
   * @param trace of a trainer, an inference or a pipeline
   */
  public PipelineMeters(PipelineTrace trace) {
    this.trace = trace;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (Stage stage : Stage.values()) {
      FunctionTimer.builder(
              "millrace.stage",
              trace,
              it -> it.total(stage).count(),
              it -> it.total(stage).wallNanos(),
              TimeUnit.NANOSECONDS)
          .tag("stage", stage.label())
          .description("Time of threads in a stage of the pipeline")
          .register(registry);
      counter(registry, stage, "cpu", "seconds", StageTotals::cpuNanos, 1e-9);
      counter(registry, stage, "nodes", "nodes", StageTotals::nodes, 1);
      counter(registry, stage, "edges", "edges", StageTotals::edges, 1);
      counter(registry, stage, "bytes", "bytes", StageTotals::bytes, 1);
    }
  }

  private void counter(
      MeterRegistry registry,
      Stage stage,
      String name,
      String unit,
      ToLongFunction<StageTotals> figure,
      double scale) {
    FunctionCounter.builder(
            "millrace.stage." + name, trace, it -> scale * figure.applyAsLong(it.total(stage)))
        .tag("stage", stage.label())
        .baseUnit(unit)
        .register(registry);
  }
}
