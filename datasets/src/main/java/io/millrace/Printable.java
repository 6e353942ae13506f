package io.millrace;

/** Text from files and arguments, before it is shown. Stateless. */
@Internal
public final class Printable {
  private Printable() {}

  /**
   * Control characters become numbers, so that they can neither end the line nor control the
   * terminal, and neither can those that reverse the direction of a line.
   */
  public static String of(String text) {
    if (text.chars().noneMatch(Printable::controls)) {
      return text;
    }
    StringBuilder line = new StringBuilder(text.length());
    for (char c : text.toCharArray()) {
      line.append(controls(c) ? "\\x%02x".formatted((int) c) : Character.toString(c));
    }
    return line.toString();
  }

  private static boolean controls(int c) {
    return Character.isISOControl(c)
        || c == '\u2028'
        || c == '\u2029'
        || c >= '\u202a' && c <= '\u202e'
        || c >= '\u2066' && c <= '\u2069';
  }
}
