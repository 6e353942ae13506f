package io.millrace.datasets.text;

import io.millrace.Internal;

/** What stands between the columns of a text table. */
public enum Delimiter {
  COMMA(','),
  TAB('\t'),
  SEMICOLON(';'),
  /** One or more spaces or tabs, also at the beginning and end of a line. */
  BLANKS(' ');

  private final char character;

  Delimiter(char character) {
    this.character = character;
  }

  @Internal
  public char character() {
    return character;
  }

  /** The one that a line suggests: of comma, semicolon and tab the first that is there. */
  static Delimiter of(String line) {
    if (line.indexOf(',') >= 0) {
      return COMMA;
    }
    if (line.indexOf(';') >= 0) {
      return SEMICOLON;
    }
    return line.indexOf('\t') >= 0 ? TAB : BLANKS;
  }
}
