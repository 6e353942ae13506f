package io.millrace;

/**
 * Something the user gave cannot be used: a file, a value, an option.
 *
 * <p>The message is one line: the rule that was broken, then what broke it, as {@code name=value}.
 * It is all a user needs to see, so the command prints it without a stack trace and exits with 2.
 */
public final class BadInputException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;
  private static final int MAX_VALUE_LENGTH = 1000;
  private static final int MAX_LENGTH = 4000;

  public BadInputException(String message) {
    super(oneLine(message));
  }

  public BadInputException(String message, Throwable cause) {
    super(oneLine(message), cause);
  }

  /**
   * @param rule what must hold, in words, for instance "node id out of range"
   * @param namesAndValues alternating names and values, for instance {@code "id", 7, "numNodes", 5}
   */
  public static BadInputException of(String rule, Object... namesAndValues) {
    StringBuilder message = new StringBuilder(rule);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      message
          .append(i == 0 ? ": " : ", ")
          .append(namesAndValues[i])
          .append('=')
          .append(shortened(namesAndValues[i + 1]));
    }
    return new BadInputException(message.toString());
  }

  /** A value from a damaged file may have any length. */
  private static String shortened(Object value) {
    String text = String.valueOf(value);
    return Printable.of(
        text.length() <= MAX_VALUE_LENGTH ? text : text.substring(0, MAX_VALUE_LENGTH) + "...");
  }

  private static String oneLine(String message) {
    String line = Printable.of(message.replaceAll("\\s*\\R\\s*", "; "));
    return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "...";
  }
}
