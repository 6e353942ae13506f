package io.millrace.tuning.auto;

/** How long no change of a kind is tried: twice as long after each one that did not pay. */
final class Patience {
  private final Hysteresis hysteresis;
  private double pause;
  private double until;

  Patience(Hysteresis hysteresis) {
    this.hysteresis = hysteresis;
    end();
  }

  /**
   * @param seconds the time now
   */
  boolean isOver(double seconds) {
    return seconds >= until;
  }

  void failed(double seconds) {
    until = seconds + pause;
    pause = Math.min(2 * pause, hysteresis.longestPause());
  }

  /** The pause ends, and the next one is short. */
  void end() {
    until = 0;
    pause = hysteresis.firstPause();
  }
}
