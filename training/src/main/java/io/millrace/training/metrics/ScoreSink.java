package io.millrace.training.metrics;

import ai.djl.ndarray.NDArray;
import io.millrace.Internal;
import java.lang.foreign.MemorySegment;

/** Takes the results of batches, one after the other. */
@Internal
@FunctionalInterface
public interface ScoreSink {
  /**
   * @param meanLoss over the batch's terms
   * @param terms labelled seeds, or answers, that the loss is the mean of
   * @param logits {@code [numSeeds x numClasses]}
   * @param labels of the seeds, as {@link io.millrace.datasets.NodeLabels} has them
   */
  void add(double meanLoss, int terms, NDArray logits, MemorySegment labels);
}
