package io.millrace.transfer.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PipelineMetersTest {
  @AfterEach
  void recordAgain() {
    System.clearProperty("millrace.trace");
  }

  private static void sample(PipelineTrace trace, String worker, int batches) {
    Track track = trace.track(worker);
    for (int i = 0; i < batches; i++) {
      track.enter(Stage.SAMPLE, i);
      track.completed(10, 20, 0);
      track.enter(Stage.SLICE, i);
      track.completed(10, 20, 400);
    }
    track.enter(Stage.OTHER);
  }

  @Test
  void aRegistryReadsTheSumsOfAllThreads() {
    PipelineTrace trace = new PipelineTrace();
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    new PipelineMeters(trace).bindTo(registry);
    sample(trace, "worker 0", 2);
    sample(trace, "worker 1", 3);

    FunctionTimer sampled = registry.get("millrace.stage").tag("stage", "sample").functionTimer();
    assertEquals(5, sampled.count());
    assertEquals(
        trace.metrics().total(Stage.SAMPLE).wallNanos(),
        sampled.totalTime(TimeUnit.NANOSECONDS),
        1e-3);
    assertEquals(100, counter(registry, "edges", "sample").count());
    assertEquals(2000, counter(registry, "bytes", "slice").count());
    assertEquals(
        trace.metrics().total(Stage.SLICE).cpuNanos() / 1e9,
        counter(registry, "cpu", "slice").count(),
        1e-12);
    sample(trace, "worker 1", 1);
    assertEquals(6, sampled.count(), "it is read when it is asked for");
    assertEquals(0, counter(registry, "nodes", "evaluate").count());
  }

  private static FunctionCounter counter(SimpleMeterRegistry registry, String name, String stage) {
    return registry.get("millrace.stage." + name).tag("stage", stage).functionCounter();
  }

  @Test
  void nothingIsRecordedForAMeasurementOfWhatRecordingCosts() {
    System.setProperty("millrace.trace", "off");
    PipelineTrace trace = new PipelineTrace();
    trace.keepTimeline(100);
    sample(trace, "worker 0", 2);
    assertEquals(StageTotals.NONE, trace.metrics().total(Stage.SAMPLE));
    assertTrue(trace.timeline().isEmpty());
  }
}
