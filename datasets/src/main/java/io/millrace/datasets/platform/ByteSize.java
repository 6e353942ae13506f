package io.millrace.datasets.platform;

import io.millrace.BadInputException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of memory as people write it.
 *
 * @param bytes the number of bytes
 */
public record ByteSize(long bytes) {
  private static final double MAX_BYTES = 0x1p50;

  private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)([kmgt]?)i?b?");

  /**
   * @param text for instance {@code 512m} or {@code 1.5g}; k, m, g and t are powers of 1024
   */
  public static ByteSize parse(String text) {
    Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw BadInputException.of("not a size such as 512m or 1.5g", "memory", text);
    }
    int power = " kmgt".indexOf(matcher.group(2).isEmpty() ? ' ' : matcher.group(2).charAt(0));
    double bytes = Double.parseDouble(matcher.group(1)) * (1L << 10 * power);
    if (bytes > MAX_BYTES) {
      throw BadInputException.of("more than any machine has", "memory", text, "max", "1024t");
    }
    return new ByteSize((long) bytes);
  }
}
