package io.millrace.datasets.npy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parses the Python literal that an npy header is: a dict of strings, booleans, integers, tuples
 * and lists. Tuples and lists both become {@code List<Object>}, integers become {@code Long}.
 *
 * <p>Used once per header and then dropped. Throws {@link IllegalArgumentException}, which {@link
 * NpyHeader} turns into an error that names the file.
 */
final class PythonLiteral {
  private static final int MAX_DEPTH = 32;

  private final String text;
  private int at;
  private int depth;

  private PythonLiteral(String text) {
    this.text = text;
  }

  static Object parse(String text) {
    PythonLiteral parser = new PythonLiteral(text);
    Object value = parser.value();
    if (parser.peek() != 0) {
      throw parser.unexpected();
    }
    return value;
  }

  private Object value() {
    if (++depth > MAX_DEPTH) {
      throw unexpected();
    }
    char c = peek();
    Object value =
        switch (c) {
          case '{' -> dict();
          case '(' -> list(')');
          case '[' -> list(']');
          case '\'', '"' -> string();
          default -> word();
        };
    depth--;
    return value;
  }

  private Map<String, Object> dict() {
    Map<String, Object> dict = new LinkedHashMap<>();
    at++;
    while (peek() != '}') {
      if (!(value() instanceof String key)) {
        throw unexpected();
      }
      expect(':');
      dict.put(key, value());
      commaUnless('}');
    }
    at++;
    return dict;
  }

  private List<Object> list(char end) {
    List<Object> list = new ArrayList<>();
    at++;
    while (peek() != end) {
      list.add(value());
      commaUnless(end);
    }
    at++;
    return list;
  }

  private String string() {
    char quote = text.charAt(at++);
    StringBuilder string = new StringBuilder();
    while (at < text.length() && text.charAt(at) != quote) {
      if (text.charAt(at) == '\\' && at + 1 < text.length()) {
        at++;
      }
      string.append(text.charAt(at++));
    }
    expect(quote);
    return string.toString();
  }

  private Object word() {
    int start = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '-')) {
      at++;
    }
    String word = text.substring(start, at);
    return switch (word) {
      case "True" -> true;
      case "False" -> false;
      case "None", "" -> throw unexpected();
      // Python 2 wrote long integers as 12L.
      default -> Long.valueOf(word.endsWith("L") ? word.substring(0, word.length() - 1) : word);
    };
  }

  private void commaUnless(char end) {
    if (peek() != end) {
      expect(',');
    }
  }

  private void expect(char c) {
    if (peek() != c) {
      throw unexpected();
    }
    at++;
  }

  /** The next character that is not white space, or 0 at the end. */
  private char peek() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  private IllegalArgumentException unexpected() {
    return new IllegalArgumentException("unexpected text at character " + at);
  }
}
