package io.millrace.tuning.auto;

import io.millrace.BadInputException;
import io.millrace.Require;

/**
 * What the adjusted pipeline may use.
 *
 * @param cores of the machine or the container
 * @param computeThreads of the model: workers have the other cores
 * @param memoryBytes for all slots; infinite = no limit
 */
public record Limits(int cores, int computeThreads, double memoryBytes) {
  /** The most slots of any pipeline that is adjusted. */
  private static final int MOST_SLOTS = 1024;

  /**
   * @throws io.millrace.BadInputException if a number is not positive
   */
  public Limits {
    Require.positive("cores", cores);
    Require.positive("computeThreads", computeThreads);
    if (!(memoryBytes > 0)) {
      throw BadInputException.of("memory must be positive", "memoryBytes", memoryBytes);
    }
  }

  int mostWorkers() {
    return cores - computeThreads;
  }

  int mostSlots(double slotBytes) {
    return (int) Math.min(MOST_SLOTS, memoryBytes / Math.max(1, slotBytes));
  }
}
