package io.millrace.datasets.csr;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.AvailableMemory;
import io.millrace.datasets.platform.ByteSize;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * The memory that the process may take while it builds a graph. Edges beyond that go to a temporary
 * file in the directory of the result. The result does not depend on it.
 *
 * @param bytes at least {@link #MIN_BYTES}
 */
public record BuildMemory(long bytes) {
  /** The smallest value. */
  public static final long MIN_BYTES = 256L << 20;

  /** Checks the range. */
  public BuildMemory {
    if (bytes < MIN_BYTES) {
      throw BadInputException.of(
          "too little memory to build a graph", "memory", bytes, "min", MIN_BYTES);
    }
  }

  /**
   * What is left when something else takes a part, but at least {@link #MIN_BYTES}.
   *
   * @param namesAndValues what the part is for, for the message
   * @throws BadInputException if the part alone is more than the memory
   */
  public BuildMemory without(long part, Object... namesAndValues) {
    if (part > bytes) {
      Object[] all = {"memory", bytes, "needBytes", part};
      throw BadInputException.of(
          "too little memory for what the graph is made from",
          Stream.concat(Arrays.stream(namesAndValues), Arrays.stream(all)).toArray());
    }
    return new BuildMemory(Math.max(MIN_BYTES, bytes - part));
  }

  /** Half of the memory that is available now. */
  public static BuildMemory ofAvailable() {
    return new BuildMemory(Math.max(MIN_BYTES, AvailableMemory.availableBytes() / 2));
  }

  /**
   * @param text see {@link ByteSize#parse}
   */
  public static BuildMemory parse(String text) {
    return new BuildMemory(ByteSize.parse(text).bytes());
  }
}
