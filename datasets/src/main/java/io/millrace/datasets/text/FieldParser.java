package io.millrace.datasets.text;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;
import io.millrace.Internal;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Reads numbers from the columns of a text table, straight from its bytes. Stateless. */
@Internal
public final class FieldParser {
  /** Every number with this many digits fits into a long. */
  private static final int SAFE_DIGITS = 18;

  /** What a number begins with, also nan and infinity. */
  private static final String NUMBER_STARTS = "0123456789+-.nNiI";

  private FieldParser() {}

  /** Whether an integer is written as numbers are: 7, and neither 0007 nor -0. */
  static boolean isPlainInteger(byte[] bytes, int start, int end) {
    try {
      integer(bytes, start, end);
      return !isPadded(bytes, start, end) && bytes[start] != '+';
    } catch (MalformedFieldException _) {
      return false;
    }
  }

  /** Whether an integer has leading zeros, so that it is rather a text; or is -0. */
  public static boolean isPadded(byte[] bytes, int start, int end) {
    int at = bytes[start] == '-' || bytes[start] == '+' ? start + 1 : start;
    return at < end && bytes[at] == '0' && (end - at > 1 || at > start);
  }

  /** Whether {@link #number} reads it. Text that begins as no number does costs nothing. */
  public static boolean isNumber(byte[] bytes, int start, int end) {
    if (start == end || (bytes[start] & 0xff) > ' ' && NUMBER_STARTS.indexOf(bytes[start]) < 0) {
      return false;
    }
    try {
      number(bytes, start, end);
      return true;
    } catch (MalformedFieldException _) {
      return false;
    }
  }

  /** A 64-bit integer in decimal digits. */
  public static long integer(byte[] bytes, int start, int end) {
    int at = start;
    if (at < end && bytes[at] == '-') {
      at++;
    }
    int digits = end - at;
    if (digits < 1 || digits > SAFE_DIGITS) {
      return longInteger(bytes, start, end);
    }
    long value = 0;
    while (at < end) {
      int digit = bytes[at++] - '0';
      if (digit < 0 || digit > 9) {
        throw MalformedFieldException.of("not an integer", bytes, start, end);
      }
      value = 10 * value + digit;
    }
    return bytes[start] == '-' ? -value : value;
  }

  private static long longInteger(byte[] bytes, int start, int end) {
    try {
      return Long.parseLong(new String(bytes, start, end - start, StandardCharsets.ISO_8859_1));
    } catch (NumberFormatException _) {
      throw MalformedFieldException.of("not an integer of 64 bits", bytes, start, end);
    }
  }

  /** A number; nan and inf as numpy writes them. */
  public static double number(byte[] bytes, int start, int end) {
    if (hasSuffix(bytes, start, end)) {
      return named(bytes, start, end);
    }
    try {
      return JavaDoubleParser.parseDouble(bytes, start, end - start);
    } catch (NumberFormatException _) {
      return named(bytes, start, end);
    }
  }

  private static double named(byte[] bytes, int start, int end) {
    String text = new String(bytes, start, end - start, StandardCharsets.UTF_8);
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "nan", "-nan" -> Double.NaN;
      case "inf", "+inf", "infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      default -> throw MalformedFieldException.of("not a number", bytes, start, end);
    };
  }

  /**
   * Whether a text ends with the suffix of a Java literal (3D, 1f), which Java's parsers accept and
   * other software does not.
   */
  static boolean hasSuffix(byte[] bytes, int start, int end) {
    int last = end - 1;
    while (last > start && bytes[last] == ' ') {
      last--;
    }
    return last >= start && "dDfF".indexOf(bytes[last]) >= 0;
  }
}
