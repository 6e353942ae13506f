package io.millrace.cuda;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** A stream of {@link RecordingCuda}: operations that are done in order, sooner or later. */
final class OperationQueue {
  /** Streams of one double, dead ones too: clocks are arrays of this length. */
  static final int MAX_STREAMS = 32;

  final int id;
  private final Deque<Operation> pending = new ArrayDeque<>();
  private final int[] clock = new int[MAX_STREAMS];

  OperationQueue(int id) {
    this.id = id;
  }

  /**
   * @param hostClock what the host knows to be done
   * @param waitsFor what has to be done first on another stream
   */
  Operation add(int[] hostClock, Optional<Operation> waitsFor, Runnable effect) {
    join(clock, hostClock);
    waitsFor.ifPresent(first -> join(clock, first.clock));
    clock[id]++;
    Operation added = new Operation(this, clock[id], clock.clone(), waitsFor, effect);
    pending.add(added);
    return added;
  }

  /** The clock that an operation added now would have, but for itself. */
  int[] clock(int[] hostClock) {
    int[] now = clock.clone();
    join(now, hostClock);
    return now;
  }

  boolean isDoneBefore(int[] hostClock) {
    return hostClock[id] >= clock[id];
  }

  boolean isIdle() {
    return pending.isEmpty();
  }

  /** Does the next operation, or one that it waits for. */
  void step() {
    Operation next = pending.peek();
    if (next == null) {
      return;
    }
    if (next.waitsFor.isPresent() && !next.waitsFor.get().done) {
      next.waitsFor.get().queue.step();
    } else {
      pending.remove();
      next.done = true;
      next.effect.run();
    }
  }

  /** Does everything up to and with an operation. */
  static void run(Operation last) {
    while (!last.done) {
      last.queue.step();
    }
  }

  static void join(int[] clock, int[] other) {
    for (int i = 0; i < clock.length; i++) {
      clock[i] = Math.max(clock[i], other[i]);
    }
  }
}
