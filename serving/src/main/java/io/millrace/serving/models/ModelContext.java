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
   * for the next, and is read and written.
   */
  long batchObjective() {
    long slo = settings.sloNanos();
    return Math.max(slo / 10, slo / 2 - overhead.percentile95());
  }
}
