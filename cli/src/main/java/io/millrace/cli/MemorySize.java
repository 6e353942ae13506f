package io.millrace.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/**
 * An amount of memory as Java's options have it: {@code 512m}, {@code 2g}, or plain bytes.
 *
 * @param bytes what it says
 */
record MemorySize(long bytes) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,15})([kmgt]?)");

  static MemorySize parse(String text) {
    Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new TypeConversionException(
          "expected a size such as 512m or 2g but was '" + text + "'");
    }
    int shift = 10 * "kmgt".indexOf(matcher.group(2)) + (matcher.group(2).isEmpty() ? 0 : 10);
    long value = Long.parseLong(matcher.group(1));
    if (value > Long.MAX_VALUE >> shift) {
      throw new TypeConversionException("size is too large: '" + text + "'");
    }
    return new MemorySize(value << shift);
  }
}
