package io.millrace.training.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import io.millrace.Internal;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;

/**
 * Combines the sums and maxima of one long row from its parts, for any layer.
 *
 * <p>A layer is computed part by part, in rounds. It calls {@link Aggregation} in a fixed order,
 * and the second call may depend on the result of the first (the weights of an attention depend on
 * its greatest score). So round 0 collects the first call's result over all parts; from round 1 on
 * that call gives the whole row's result, and round 1 collects the second; and so on. In the round
 * that has nothing left to collect, every call gives the whole row's result, so the layer's output
 * is that of the node.
 *
 * <pre>
 *   round 0   call 0 of part 0, part 1, ...   added up     later calls: of the part, dropped
 *   round 1   call 0 whole; call 1 of part 0, part 1, ...  added up
 *   ...
 *   round n   all n calls whole: the layer's result, from any one part
 * </pre>
 *
 * <p>Owns the collected arrays until {@link #close}. One thread. The next class to read is {@code
 * HighDegreeRow}.
 */
@Internal
public final class PartialAggregation implements AutoCloseable {
  private final long numNeighbors;
  private final NDList whole = new NDList();
  private Optional<NDArray> collected = Optional.empty();
  private int numCalls;

  /**
   * @param numNeighbors number of neighbours in the whole row
   */
  public PartialAggregation(long numNeighbors) {
    this.numNeighbors = numNeighbors;
  }

  long numNeighbors() {
    return numNeighbors;
  }

  /** Call this before each part. */
  public void beginPart() {
    numCalls = 0;
  }

  /** Whether the last part was computed with whole results only. */
  public boolean complete() {
    return numCalls <= whole.size();
  }

  /** Call this after the last part of a round. */
  public void endRound() {
    collected.ifPresent(whole::add);
    collected = Optional.empty();
  }

  NDArray sum(Supplier<NDArray> ofPart) {
    return merged(ofPart, NDArray::add);
  }

  NDArray max(Supplier<NDArray> ofPart) {
    return merged(ofPart, NDArray::maximum);
  }

  private NDArray merged(Supplier<NDArray> ofPart, BinaryOperator<NDArray> merge) {
    int call = numCalls++;
    if (call < whole.size()) {
      return whole.get(call).duplicate(); // a layer may change it
    }
    NDArray part = ofPart.get();
    if (call == whole.size()) {
      NDArray next = collected.isEmpty() ? part.duplicate() : merge.apply(collected.get(), part);
      NDScope.unregister(next); // outlives the part's arrays
      collected.ifPresent(NDArray::close);
      collected = Optional.of(next);
    }
    return part;
  }

  /** Reports that the layer reads the edges themselves. */
  void refuse() {
    throw new WholeRowNeeded();
  }

  @Override
  public void close() {
    collected.ifPresent(NDArray::close);
    whole.close();
  }

  /** Thrown when a layer cannot be computed part by part. */
  public static final class WholeRowNeeded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private WholeRowNeeded() {
      super("the layer reads its edges itself", null, false, false);
    }
  }
}
