package io.millrace.datasets.text;

import io.millrace.Internal;

/** The character between the columns of a text table. */
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

  /**
   * Detects the delimiter of a line: a comma if there is one, else a semicolon, else a tab, else
   * blanks.
   */
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
