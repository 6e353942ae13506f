package io.millrace.serving.models;

import io.millrace.sampler.Fanout;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How the models of a server answer.
 *
 * @param sloNanos the objective: how long an answer may take
 * @param mode how neighbourhoods are used
 * @param fanout of samples; that of the training if it is missing
 * @param seed of the samples
 * @param embeddings whether answers have embeddings
 * @param maxEdges of a node's neighbourhood; if it is missing, what the scorer finds right for the
 *     model
 * @param queue how many nodes may wait for a model
 * @param maxDelayNanos how long a batch waits for company
 * @param firstLimit nodes that the first batch may have
 * @param limitStep how much the limit of a batch grows; 0 keeps it as it is
 * @param computeThreads threads of the model's operations
 */
public record ModelSettings(
    long sloNanos,
    Mode mode,
    Optional<Fanout> fanout,
    long seed,
    boolean embeddings,
    OptionalLong maxEdges,
    int queue,
    long maxDelayNanos,
    int firstLimit,
    int limitStep,
    int computeThreads) {
  /** How neighbourhoods are used. */
  public enum Mode {
    /** All neighbours. */
    EXACT,
    /** A sample, always the same. */
    SAMPLED,
    /** None: answers are read from a folder of results. */
    TABLE
  }
}
