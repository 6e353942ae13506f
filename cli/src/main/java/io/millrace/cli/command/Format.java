package io.millrace.cli.command;

import io.millrace.Internal;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers, sizes and names as the command writes them, the same in every locale. */
public final class Format {
  private Format() {}

  /** As {@link String#format}, in the root locale; without values the text as it is. */
  public static String format(String format, Object... values) {
    return values.length == 0 ? format : String.format(Locale.ROOT, format, values);
  }

  /** For instance 1,166,243. */
  public static String count(long value) {
    return format("%,d", value);
  }

  /** Four significant digits at most, for instance 0.01235 or 128. */
  @Internal
  public static String number(double value) {
    String text = String.valueOf(new BigDecimal(value).round(new MathContext(4)).doubleValue());
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  /** A fraction as per cent, for instance 79.83 %. */
  @Internal
  public static String percent(double fraction) {
    return format("%.2f %%", 100 * fraction);
  }

  /** For instance 1.4 GiB. */
  public static String bytes(long value) {
    String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    double scaled = value;
    int unit = 0;
    while (scaled >= 1024 && unit < units.length - 1) {
      scaled /= 1024;
      unit++;
    }
    return unit == 0 ? value + " bytes" : format("%.1f %s", scaled, units[unit]);
  }

  /** A path as an argument of a shell command. */
  @Internal
  public static String argument(Object path) {
    String text = path.toString();
    return text.matches("[\\w@%+=:,./~-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
