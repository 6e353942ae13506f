package io.millrace.datasets.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides by a table's first lines whether the first one names the columns. A line that may be data
 * is never taken for a header: then the answer is {@link Answer#DOUBT}. Stateless.
 */
final class HeaderDetector {
  enum Answer {
    YES,
    NO,
    DOUBT
  }

  /**
   * @param reason why, for people
   */
  record Decision(Answer answer, String reason) {}

  private final List<String> first;
  private final List<List<String>> rest;

  /** The cells of the lines that are not the first one again. */
  private final Set<String> below = new HashSet<>();

  private HeaderDetector(List<String> first, List<List<String>> rest) {
    this.first = first;
    this.rest = rest;
    for (List<String> row : rest) {
      if (!row.equals(first)) {
        below.addAll(row);
      }
    }
  }

  /**
   * @param first the fields of the first line
   * @param rest those of the lines after it, without lines of another length
   */
  static Decision decide(List<String> first, List<List<String>> rest) {
    HeaderDetector lines = new HeaderDetector(first, rest);
    if (lines.hasRowNumbers()) {
      return yes("row numbers stand below an empty name");
    }
    boolean textAbove = false;
    boolean numberAbove = false;
    for (int i = 0; i < first.size(); i++) {
      if (!first.get(i).isEmpty() && lines.isNumeric(i)) {
        boolean number = isNumber(first.get(i));
        numberAbove |= number;
        textAbove |= !number;
      }
    }
    if (textAbove) {
      return numberAbove ? lines.mixed() : lines.textAboveNumbers();
    }
    return numberAbove ? lines.numbers() : lines.words();
  }

  private static Decision yes(String reason) {
    return new Decision(Answer.YES, "yes, " + reason);
  }

  private static Decision no(String reason) {
    return new Decision(Answer.NO, "no, " + reason);
  }

  private static Decision doubt(String reason) {
    return new Decision(Answer.DOUBT, reason);
  }

  /** Pandas and R write row numbers without a name. */
  private boolean hasRowNumbers() {
    if (!first.getFirst().isEmpty() || first.size() < 2 || rest.isEmpty()) {
      return false;
    }
    int from = rest.getFirst().getFirst().equals("1") ? 1 : 0;
    for (int row = 0; row < rest.size(); row++) {
      if (!rest.get(row).getFirst().equals(Integer.toString(row + from))) {
        return false;
      }
    }
    return true;
  }

  private Decision textAboveNumbers() {
    List<String> names = first.stream().filter(cell -> !isNumber(cell)).toList();
    if (names.stream().noneMatch(this::isBelow)) {
      return yes("text stands above numbers");
    }
    return names.stream().anyMatch(HeaderWords::isKnown)
        ? doubt("its text occurs below, too")
        : no("its text occurs below, too");
  }

  /** Text and numbers above numbers: a header such as "id,0,1,2", or an edge of mixed ids. */
  private Decision mixed() {
    List<String> names = first.stream().filter(cell -> !isNumber(cell)).toList();
    if (areCounted() && names.stream().allMatch(n -> n.isEmpty() || HeaderWords.isKnown(n))) {
      return yes("known names and counted columns stand above numbers");
    }
    return first.stream().anyMatch(cell -> !cell.isEmpty() && isBelow(cell))
        ? no("its text or numbers occur below, too")
        : doubt("text and numbers stand above numbers");
  }

  /** Numbers above numbers are data, unless they look like names that count the columns. */
  private Decision numbers() {
    if (areCounted() && first.stream().allMatch(HeaderDetector::isNumber) && rest.size() > 1) {
      boolean unseen = first.stream().limit(2).noneMatch(this::isBelow);
      boolean aboveFractions = false;
      for (int i = 0; i < first.size(); i++) {
        int column = i;
        aboveFractions |=
            first.size() > 2 && rest.stream().allMatch(row -> row.get(column).contains("."));
      }
      if (unseen || aboveFractions) {
        return doubt("its numbers may count the columns");
      }
    }
    return no("numbers stand above numbers");
  }

  private Decision words() {
    List<String> names = first.stream().filter(cell -> !cell.isEmpty()).toList();
    long known = names.stream().filter(HeaderWords::isKnown).count();
    if (known == 0) {
      return no("no text stands above numbers");
    }
    if (names.stream().anyMatch(this::isBelow)) {
      return known == names.size()
          ? doubt("its names occur below, too")
          : no("its text occurs below, too");
    }
    return known == names.size() || HeaderWords.ends(first).isPresent()
        ? yes("its names are known ones")
        : doubt("some of its names are known ones");
  }

  /** Whether the numbers of the first line are 0, 1, 2, ... or 1, 2, 3, ... */
  private boolean areCounted() {
    List<String> numbers = new ArrayList<>(first);
    numbers.removeIf(cell -> !isNumber(cell));
    int from = numbers.getFirst().equals("1") ? 1 : 0;
    for (int i = 0; i < numbers.size(); i++) {
      if (!numbers.get(i).equals(Integer.toString(i + from))) {
        return false;
      }
    }
    return numbers.size() > 1;
  }

  private boolean isBelow(String cell) {
    return below.contains(cell);
  }

  /** Whether the second line, or all lines but the first, have a number there. */
  private boolean isNumeric(int column) {
    boolean any = false;
    boolean all = true;
    for (List<String> row : rest) {
      String cell = row.get(column);
      any |= !cell.isEmpty();
      all &= cell.isEmpty() || isNumber(cell);
    }
    return any && (all || isNumber(rest.getFirst().get(column)));
  }

  static boolean isNumber(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return FieldParser.isNumber(bytes, 0, bytes.length);
  }
}
