package io.millrace.datasets.text;

import io.millrace.BadInputException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds what stands between the columns of a table: what gives most lines as many columns as the
 * first, and then what gives most columns of numbers. Stateless.
 */
final class DelimiterDetector {
  /** A number, also with a decimal comma. */
  private static final Pattern DECIMAL_COMMA = Pattern.compile("[+-]?\\d+,\\d+");

  private DelimiterDetector() {}

  /**
   * A delimiter that may be the one.
   *
   * @param lines how many lines it splits into as many columns as the first
   * @param columns how many those are
   * @param numeric how many of them have nothing but numbers below the first line
   */
  private record Candidate(Delimiter delimiter, int lines, int columns, int numeric) {
    private boolean isNumeric() {
      return numeric == columns;
    }

    private boolean isBlanks() {
      return delimiter.equals(Delimiter.BLANKS);
    }
  }

  /** The delimiter of a table; blanks if nothing stands between columns, because there is one. */
  static Delimiter detect(TableHead head) {
    List<Candidate> candidates = new ArrayList<>();
    for (Delimiter delimiter : Delimiter.DETECTED) {
      if (head.text(0).contains(delimiter.text()) || delimiter.equals(Delimiter.BLANKS)) {
        Candidate candidate = candidate(delimiter, head);
        if (candidate.columns > 1) {
          candidates.add(candidate);
        }
      }
    }
    int most = candidates.stream().mapToInt(Candidate::lines).max().orElse(0);
    candidates.removeIf(candidate -> candidate.lines < most);
    if (candidates.size() > 1 && candidates.getLast().isBlanks()) {
      // Blanks also stand between the words of a field.
      boolean numbers =
          candidates.getLast().isNumeric()
              && candidates.stream().filter(Candidate::isNumeric).count() == 1;
      if (numbers) {
        return Delimiter.BLANKS;
      }
      candidates.removeLast();
    }
    int numeric = candidates.stream().mapToInt(Candidate::numeric).max().orElse(0);
    candidates.removeIf(candidate -> candidate.numeric < numeric);
    if (candidates.size() > 1 && numeric == 0) {
      throw doubt(head, candidates);
    }
    return candidates.stream()
        .max(Comparator.comparingInt(Candidate::columns))
        .map(Candidate::delimiter)
        .orElse(Delimiter.BLANKS);
  }

  private static BadInputException doubt(TableHead head, List<Candidate> candidates) {
    return head.error(
        0,
        "cannot tell the delimiter, give --separator",
        "candidates",
        candidates.stream().map(candidate -> candidate.delimiter.name()).toList());
  }

  private static Candidate candidate(Delimiter delimiter, TableHead head) {
    List<List<String>> rows;
    try {
      rows = head.rows(delimiter);
    } catch (BadInputException _) {
      return new Candidate(delimiter, 0, 0, 0); // a quotation mark is not where it should be
    }
    int columns = rows.getFirst().size();
    List<List<String>> below = rows.size() > 1 ? rows.subList(1, rows.size()) : rows;
    int numeric = 0;
    for (int column = 0; column < columns; column++) {
      numeric += isNumeric(below, column) ? 1 : 0;
    }
    return new Candidate(delimiter, rows.size(), columns, numeric);
  }

  private static boolean isNumeric(List<List<String>> rows, int column) {
    for (List<String> row : rows) {
      if (!isNumber(row.get(column))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDecimalComma(String text) {
    return text.indexOf(',') > 0 && DECIMAL_COMMA.matcher(text).matches();
  }

  private static boolean isNumber(String text) {
    return text.isEmpty() || HeaderDetector.isNumber(text) || isDecimalComma(text);
  }
}
