package io.millrace.serving.models;

import io.millrace.datasets.GraphDataset;
import io.millrace.serving.batching.RecentTimes;
import io.millrace.serving.cache.AnswerCache;
import io.millrace.serving.metrics.ServerMetrics;

/**
 * What all models of a server share.
 *
 * @param data the graph
 * @param overhead of requests: what reading and writing them takes
 */
public record ModelContext(
    GraphDataset data,
    ModelSettings settings,
    AnswerCache<AnswerKey> cache,
    ServerMetrics metrics,
    RecentTimes overhead) {
  /**
   * How long a batch should take at most, in nanoseconds: who has just missed one waits for it and
   * for the next, and is read and written, so two batches fit into what that leaves.
   */
  long batchObjective() {
    return (settings.sloNanos() - transfer(settings.sloNanos())) / 2;
  }

  /**
   * The part of a time that reading and writing a request take, in nanoseconds. At most a quarter:
   * on a machine that has too much to do they take long, too, and smaller batches would give it
   * more to do.
   */
  public long transfer(long nanos) {
    return Math.clamp(overhead.percentile95(), 0, Math.max(0, nanos / 4));
  }
}
