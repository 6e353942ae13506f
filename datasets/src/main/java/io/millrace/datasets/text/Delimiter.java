package io.millrace.datasets.text;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What stands between the columns of a text table. Immutable.
 *
 * @param name its name for people and on the command line
 * @param text the text itself; blanks around it do not count
 */
public record Delimiter(String name, String text) {
  public static final Delimiter COMMA = new Delimiter("comma", ",");
  public static final Delimiter SEMICOLON = new Delimiter("semicolon", ";");
  public static final Delimiter TAB = new Delimiter("tab", "\t");
  public static final Delimiter PIPE = new Delimiter("pipe", "|");
  public static final Delimiter DOUBLE_COLON = new Delimiter("double-colon", "::");

  /** One or more spaces or tabs, also at the beginning and end of a line. */
  public static final Delimiter BLANKS = new Delimiter("blanks", " ");

  /** Those that are detected, in the order of preference; blanks stand between words, too. */
  static final List<Delimiter> DETECTED =
      List.of(COMMA, SEMICOLON, TAB, PIPE, DOUBLE_COLON, BLANKS);

  /**
   * A delimiter by its name (comma, semicolon, tab, pipe, double-colon, blanks), or any other text
   * without quotation marks and line breaks.
   */
  public static Delimiter of(String nameOrText) {
    for (Delimiter known : DETECTED) {
      if (nameOrText.equals(known.name) || nameOrText.equals(known.text)) {
        return known;
      }
    }
    if (nameOrText.equals("\\t")) {
      return TAB;
    }
    String text = nameOrText.strip();
    if (text.isEmpty() || text.chars().anyMatch(c -> c == '"' || c == '\n' || c == '\r')) {
      throw BadInputException.of(
          "not a separator", "value", nameOrText, "need", "text without quotes and line breaks");
    }
    return text.equals(nameOrText) ? new Delimiter("'" + text + "'", text) : of(text);
  }

  @Internal
  public byte[] bytes() {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
