package io.millrace.tuning.model;

import io.millrace.BadInputException;
import io.millrace.Require;

/**
 * What a pipeline has to do with. Immutable.
 *
 * @param cores that the process may use
 * @param memoryBytes for the batches in memory, the dataset and its cache; infinite where nothing
 *     bounds them
 * @param diskBytesPerSecond at which feature rows are read; infinite if they are in memory
 */
public record Resources(int cores, double memoryBytes, double diskBytesPerSecond) {
  /**
   * @throws BadInputException unless all are positive
   */
  public Resources {
    Require.positive("cores", cores);
    requirePositive("memoryBytes", memoryBytes);
    requirePositive("diskBytesPerSecond", diskBytesPerSecond);
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0)) { // also a number that is none
      throw BadInputException.of("a resource must be positive", name, value);
    }
  }

  /** Nothing but the cores bounds it. */
  public static Resources ofCores(int cores) {
    return new Resources(cores, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  /** The cores that this process may use, and no other bound. */
  public static Resources ofMachine() {
    return ofCores(Runtime.getRuntime().availableProcessors());
  }

  /** These resources with so much memory for batches. */
  public Resources memoryBytes(double value) {
    return new Resources(cores, value, diskBytesPerSecond);
  }

  /** These resources with rows on such a disk. */
  public Resources diskBytesPerSecond(double value) {
    return new Resources(cores, memoryBytes, value);
  }

  /** Whether rows are read from a disk of a known rate. */
  public boolean hasDisk() {
    return diskBytesPerSecond < Double.POSITIVE_INFINITY;
  }
}
