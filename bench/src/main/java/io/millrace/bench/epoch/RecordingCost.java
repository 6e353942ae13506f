package io.millrace.bench.epoch;

import io.millrace.bench.harness.Median;
import io.millrace.training.GraphTrainer;
import io.millrace.transfer.trace.PipelineTrace;
import io.millrace.transfer.trace.Stage;
import io.millrace.transfer.trace.Track;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * What it costs to record stages, by their number and by the cost of one: a share of some
 * thousandths, which a comparison of epochs cannot tell from noise.
 *
 * @param changes of stage in an epoch, on all threads
 * @param nanosPerChange CPU time of one, in a loop
 */
record RecordingCost(long changes, double nanosPerChange) {
  private static final int BLOCKS = 31;
  private static final int CHANGES_PER_BLOCK = 20_000;

  /** Of an epoch of a trainer, whose next one it runs. */
  static RecordingCost of(GraphTrainer trainer) {
    PipelineTrace trace = trainer.trace();
    trace.keepTimeline(1);
    trainer.epoch();
    return new RecordingCost(trace.timeline().size() + trace.numSpansDropped(), measureChange());
  }

  private static double measureChange() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Track track = new PipelineTrace().track("worker 0");
    double[] nanos = new double[BLOCKS];
    for (int block = 0; block < BLOCKS; block++) {
      long begin = threads.getCurrentThreadCpuTime();
      for (int i = 0; i < CHANGES_PER_BLOCK; i++) {
        track.enter(i % 2 == 0 ? Stage.SAMPLE : Stage.SLICE, i);
        track.completed(1, 1, 1);
      }
      nanos[block] = (double) (threads.getCurrentThreadCpuTime() - begin) / CHANGES_PER_BLOCK;
    }
    return Median.of(nanos);
  }

  /**
   * @param epochSeconds CPU time of an epoch
   * @return the part of it that recording takes, 0 to 1
   */
  double share(double epochSeconds) {
    return changes * nanosPerChange / 1e9 / epochSeconds;
  }
}
