package io.millrace.transfer.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PipelineTraceTest {
  private final PipelineTrace trace = new PipelineTrace();
  private final Track consumer = trace.consumer();

  @Test
  void chargesAWaitWithinAStageToTheWaitAlone() throws InterruptedException {
    Stage before = consumer.enter(Stage.COMPUTE);
    Stage compute = consumer.enter(Stage.WAIT_FOR_DATA);
    Thread.sleep(200);
    consumer.enter(compute);
    consumer.enter(before);

    StageTotals waited = consumer.totals(Stage.WAIT_FOR_DATA);
    assertTrue(waited.wallNanos() >= 200_000_000L, waited::toString);
    assertTrue(waited.cpuNanos() < waited.wallNanos() / 2, waited::toString);
    StageTotals computed = consumer.totals(Stage.COMPUTE);
    assertTrue(computed.wallNanos() < waited.wallNanos(), computed::toString);
    assertEquals(Stage.OTHER, before);
    assertEquals(Stage.COMPUTE, compute);
  }

  @Test
  void knowsBusyTimeFromIdleTime() {
    consumer.enter(Stage.SAMPLE);
    long cpuEnd = 50_000_000L;
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    for (long begin = threads.getCurrentThreadCpuTime();
        threads.getCurrentThreadCpuTime() - begin < cpuEnd; ) {
      Thread.onSpinWait();
    }
    consumer.enter(Stage.OTHER);

    StageTotals sampled = consumer.totals(Stage.SAMPLE);
    assertTrue(sampled.cpuNanos() >= cpuEnd, sampled::toString);
    assertTrue(sampled.wallNanos() >= cpuEnd, sampled::toString);
  }

  @Test
  void chargesNothingWhenATrackPassesToAnotherThread() throws InterruptedException {
    consumer.enter(Stage.OTHER);
    Thread.sleep(20);
    Thread other =
        Thread.ofPlatform()
            .start(
                () -> {
                  consumer.enter(Stage.EVALUATE);
                  consumer.enter(Stage.OTHER);
                });
    other.join();
    consumer.enter(Stage.OTHER);

    assertEquals(0, consumer.totals(Stage.OTHER).wallNanos());
    assertTrue(consumer.totals(Stage.EVALUATE).wallNanos() > 0);
  }

  @Test
  void sumsAndSubtractsByStageAndThread() {
    Track worker = trace.track("worker 0");
    worker.enter(Stage.SAMPLE);
    worker.completed(10, 20, 0);
    PipelineMetrics before = trace.metrics();
    worker.completed(1, 2, 0);
    Track other = trace.track("worker 1");
    other.enter(Stage.SAMPLE);
    other.completed(3, 4, 5);
    PipelineMetrics since = trace.metrics().minus(before);

    assertEquals(new StageTotals(2, 0, 0, 4, 6, 5), since.total(Stage.SAMPLE));
    assertEquals(List.of("consumer", "worker 0", "worker 1"), names(since));
    assertEquals(3, since.plus(before).total(Stage.SAMPLE).count());
    assertEquals(0, PipelineMetrics.NONE.waitShare());
    assertEquals(0, PipelineMetrics.NONE.batchesPerSecond());
  }

  private static List<String> names(PipelineMetrics metrics) {
    return List.copyOf(metrics.tracks().keySet());
  }

  @Test
  void keepsSpansOnlyWhenAskedAndCountsThoseWithoutRoom() {
    spanOfBatch(7);
    assertEquals(List.of(), trace.timeline());

    trace.keepTimeline(2);
    Stream.of(0, 1, 2).forEach(this::spanOfBatch);

    assertEquals(
        List.of(Map.entry(Stage.SAMPLE, 0), Map.entry(Stage.SAMPLE, 1)),
        trace.timeline().stream().map(span -> Map.entry(span.stage(), span.batch())).toList());
    assertEquals(1, trace.numSpansDropped());
  }

  private void spanOfBatch(int batch) {
    consumer.enter(Stage.SAMPLE, batch);
    consumer.enter(Stage.OTHER);
  }
}
