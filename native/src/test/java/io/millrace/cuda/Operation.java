package io.millrace.cuda;

import java.util.Optional;

/**
 * Something enqueued on a stream. Its clock says what is certain to be done before it begins: per
 * stream, the number of the last such operation. One operation comes before another if the other's
 * clock has reached its number.
 */
final class Operation {
  final OperationQueue queue;
  final int number;
  final int[] clock;
  final Optional<Operation> waitsFor;
  final Runnable effect;
  boolean done;

  Operation(
      OperationQueue queue,
      int number,
      int[] clock,
      Optional<Operation> waitsFor,
      Runnable effect) {
    this.queue = queue;
    this.number = number;
    this.clock = clock;
    this.waitsFor = waitsFor;
    this.effect = effect;
  }

  /** Whether it is certain to be done where {@code clock} stands, in whatever order streams run. */
  boolean isBefore(int[] clock) {
    return clock[queue.id] >= number;
  }
}
