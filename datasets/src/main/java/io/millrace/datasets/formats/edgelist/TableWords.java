package io.millrace.datasets.formats.edgelist;

import java.util.Collection;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Words in the fields of a node table that stand for something else, in upper or lower case. */
final class TableWords {
  /** What pandas, R, SQL and Python write for a value that is missing. */
  private static final Set<String> MISSING =
      Set.of("", "nan", "-nan", "na", "n/a", "#n/a", "<na>", "none", "null", "nil", "?", "-");

  private static final Set<String> ALWAYS_UNLABELLED = Set.of("", "nan", "-nan");

  private TableWords() {}

  static boolean isMissing(String field) {
    return MISSING.contains(lower(field));
  }

  /** Words that mean "no label" unless the user states others. */
  static Set<String> unlabelled() {
    return Stream.concat(
            MISSING.stream(),
            Stream.of("unknown", "unlabelled", "unlabeled", "missing", "undefined"))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The words that the user states, and those that never name a class. */
  static Set<String> unlabelled(Collection<String> words) {
    return Stream.concat(ALWAYS_UNLABELLED.stream(), words.stream().map(TableWords::lower))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** 1 for a word such as true, 0 for one such as false. */
  static OptionalInt bool(String field) {
    return switch (lower(field)) {
      case "true", "t", "yes", "y" -> OptionalInt.of(1);
      case "false", "f", "no", "n" -> OptionalInt.of(0);
      default -> OptionalInt.empty();
    };
  }

  static String lower(String field) {
    return field.strip().toLowerCase(Locale.ROOT);
  }
}
