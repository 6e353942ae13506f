package io.millrace.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.Fanout;
import io.millrace.transfer.trace.PipelineMetrics;
import io.millrace.transfer.trace.Span;
import io.millrace.transfer.trace.Stage;
import io.millrace.transfer.trace.StageTotals;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TracedPipelineTest {
  private static final int NUM_BATCHES = 32;

  private final GraphDataset data = TestData.random(2000, 30);
  private final EpochPlan plan = EpochPlan.of(IntStream.range(0, 2000).toArray(), 64, 5);

  @AfterEach
  void closeData() {
    data.close();
  }

  @Test
  void countsBatchesNodesEdgesAndBytesOfEachStage() {
    try (BatchPipeline pipeline = pipeline()) {
      EpochStats stats = drain(pipeline);
      PipelineMetrics metrics = pipeline.trace().metrics();

      StageTotals sampled = metrics.total(Stage.SAMPLE);
      StageTotals sliced = metrics.total(Stage.SLICE);
      assertEquals(NUM_BATCHES, metrics.total(Stage.PLAN).count());
      assertEquals(NUM_BATCHES, sampled.count());
      assertEquals(stats.numNodes(), sampled.nodes());
      assertEquals(stats.numEdges(), sampled.edges());
      assertEquals(NUM_BATCHES, sliced.count());
      assertEquals(stats.featureBytes(), sliced.bytes());
      assertEquals(NUM_BATCHES, metrics.total(Stage.COPY).count());
      assertEquals(stats.sampleNanos(), sampled.wallNanos());
      assertEquals(stats.consumerWaitNanos(), metrics.total(Stage.WAIT_FOR_DATA).wallNanos());
    }
  }

  @Test
  void drawsEveryBatchOnTheTimelineOnceAndNoTwoSpansOfAThreadOverlap() {
    try (BatchPipeline pipeline = pipeline()) {
      pipeline.trace().keepTimeline(100_000);
      drain(pipeline);
      List<Span> spans = pipeline.trace().timeline();

      List<Integer> batches =
          spans.stream()
              .filter(span -> span.stage() == Stage.SLICE)
              .map(Span::batch)
              .sorted()
              .toList();
      assertEquals(IntStream.range(0, NUM_BATCHES).boxed().toList(), batches);
      Map<String, List<Span>> tracks = spans.stream().collect(Collectors.groupingBy(Span::track));
      assertEquals(
          List.of("consumer", "worker 0", "worker 1"), List.copyOf(new TreeSet<>(tracks.keySet())));
      for (List<Span> track : tracks.values()) {
        for (int i = 1; i < track.size(); i++) {
          Span before = track.get(i - 1);
          assertTrue(track.get(i).beginNanos() >= before.beginNanos() + before.wallNanos());
        }
      }
    }
  }

  @Test
  void givesTheFlightRecorderAnEventForEachStage(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("recording.jfr");
    try (Recording recording = new Recording();
        BatchPipeline pipeline = pipeline()) {
      recording.enable("io.millrace.Stage").withoutThreshold();
      recording.start();
      drain(pipeline);
      recording.stop();
      recording.dump(file);
    }
    Map<String, Long> events =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().equals("io.millrace.Stage"))
            .map((RecordedEvent event) -> event.getString("stage"))
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

    assertEquals(NUM_BATCHES, events.get("sample"));
    assertEquals(NUM_BATCHES, events.get("slice"));
  }

  private BatchPipeline pipeline() {
    return BatchPipeline.builder(data, Fanout.of(5, 3)).workers(2).slots(4).build();
  }

  private EpochStats drain(BatchPipeline pipeline) {
    EpochBatches batches = pipeline.start(plan.epoch(0));
    try (batches) {
      while (batches.hasNext()) {
        batches.next().close();
      }
    }
    return batches.stats();
  }
}
