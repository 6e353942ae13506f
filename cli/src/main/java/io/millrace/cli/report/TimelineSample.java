package io.millrace.cli.report;

import io.millrace.Internal;
import io.millrace.training.BatchProgress;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainingListener;
import io.millrace.transfer.trace.PipelineTrace;
import io.millrace.transfer.trace.Span;
import java.util.List;

/**
 * Takes the timeline of the first {@value #NUM_BATCHES} batches after the warm-up, for a page. It
 * keeps at most {@value #MAX_SPANS} spans of some 100 bytes. Called by the thread that trains.
 */
@Internal
public final class TimelineSample implements TrainingListener {
  static final int NUM_BATCHES = 30;
  static final int MAX_SPANS = 1000;

  private final PipelineTrace trace;
  private final boolean traced;
  private int numBatches;
  private int numSpansBefore;
  private List<Span> spans = List.of();

  /**
   * @param traced whether the caller already keeps the timeline of the whole training
   */
  public TimelineSample(PipelineTrace trace, boolean traced) {
    this.trace = trace;
    this.traced = traced;
  }

  @Override
  public void batchDone(BatchProgress progress) {
    numBatches++;
    if (numBatches == GraphTrainer.WARM_UP_BATCHES) {
      if (traced) {
        numSpansBefore = trace.timeline().size();
      } else {
        trace.keepTimeline(MAX_SPANS);
      }
    } else if (numBatches == GraphTrainer.WARM_UP_BATCHES + NUM_BATCHES) {
      spans = taken();
    }
  }

  /** The spans; none if the training had no more batches than its warm-up. */
  public List<Span> spans() {
    return spans.isEmpty() && numBatches > GraphTrainer.WARM_UP_BATCHES ? taken() : spans;
  }

  private List<Span> taken() {
    return trace.timeline().stream().skip(numSpansBefore).limit(MAX_SPANS).toList();
  }
}
