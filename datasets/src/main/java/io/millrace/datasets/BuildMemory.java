package io.millrace.datasets;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much memory the process may take while it builds a graph; edges beyond that go to temporary
 * files beside the result, which does not depend on it.
 *
 * @param bytes at least {@link #MIN_BYTES}
 */
public record BuildMemory(long bytes) {
  /** The least that can be asked for. */
  public static final long MIN_BYTES = 256L << 20;

  private static final Pattern SIZE = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)([kmgt]?)i?b?");

  /** Checks the range. */
  public BuildMemory {
    if (bytes < MIN_BYTES) {
      throw BadInputException.of(
          "too little memory to build a graph", "memory", bytes, "min", MIN_BYTES);
    }
  }

  /** Half of what the machine can give now. */
  public static BuildMemory ofAvailable() {
    return new BuildMemory(Math.max(MIN_BYTES, Memory.availableBytes() / 2));
  }

  /**
   * @param text for instance {@code 512m} or {@code 1.5g}; k, m, g and t are powers of 1024
   */
  public static BuildMemory parse(String text) {
    Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw BadInputException.of("not a size, as 512m or 1.5g", "memory", text);
    }
    int power = " kmgt".indexOf(matcher.group(2).isEmpty() ? ' ' : matcher.group(2).charAt(0));
    return new BuildMemory((long) (Double.parseDouble(matcher.group(1)) * (1L << 10 * power)));
  }
}
