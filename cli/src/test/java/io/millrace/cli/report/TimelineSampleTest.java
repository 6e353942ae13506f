package io.millrace.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.training.BatchProgress;
import io.millrace.training.GraphTrainer;
import io.millrace.transfer.trace.PipelineTrace;
import io.millrace.transfer.trace.Span;
import io.millrace.transfer.trace.Stage;
import io.millrace.transfer.trace.Track;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimelineSampleTest {
  private static final int WARM_UP = GraphTrainer.WARM_UP_BATCHES;
  private final PipelineTrace trace = new PipelineTrace();

  private void train(TimelineSample sample, int numBatches, int spansPerBatch) {
    Track consumer = trace.track(PipelineTrace.CONSUMER);
    for (int i = 0; i < numBatches; i++) {
      for (int span = 0; span < spansPerBatch; span++) {
        consumer.enter(Stage.COMPUTE, i);
        consumer.enter(Stage.OTHER);
      }
      sample.batchDone(new BatchProgress(0, i, numBatches, 1, 0));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void takesThirtyBatchesAfterTheWarmUp(boolean traced) {
    TimelineSample sample = new TimelineSample(trace, traced);
    if (traced) {
      trace.keepTimeline(10_000);
    }
    train(sample, 100, 1);
    List<Integer> batches = sample.spans().stream().map(Span::batch).distinct().toList();
    assertEquals(TimelineSample.NUM_BATCHES, batches.size());
    assertEquals(WARM_UP, batches.getFirst());
    if (traced) {
      assertEquals(100, trace.timeline().size(), "the caller's timeline is whole");
    }
  }

  @Test
  void aShortTrainingGivesWhatThereIs() {
    TimelineSample sample = new TimelineSample(trace, false);
    train(sample, WARM_UP, 1);
    assertEquals(List.of(), sample.spans());
    train(sample, 3, 1);
    assertEquals(3, sample.spans().size());
  }

  @Test
  void isBounded() {
    TimelineSample sample = new TimelineSample(trace, false);
    train(sample, 100, 1000);
    assertEquals(TimelineSample.MAX_SPANS, sample.spans().size());
    assertTrue(trace.timeline().size() <= TimelineSample.MAX_SPANS, "kept");
  }
}
