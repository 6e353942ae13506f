package io.millrace.training.parallel;

/**
 * How long a rank takes for its own part of a step. The first steps do not count once there are
 * more, because the JIT compiles and slots grow. One thread.
 */
final class OwnTime {
  private static final int WARM_UP = 10;

  private long beginNanos;
  private long nanos;
  private long numSteps;
  private boolean warm;

  void begin() {
    beginNanos = System.nanoTime();
  }

  void end() {
    if (numSteps == WARM_UP && !warm) {
      warm = true;
      nanos = 0;
      numSteps = 0;
    }
    nanos += System.nanoTime() - beginNanos;
    numSteps++;
  }

  double meanMillis() {
    return numSteps == 0 ? 0 : nanos / 1e6 / numSteps;
  }
}
