package io.millrace.datasets;

import io.millrace.Internal;
import java.util.Locale;
import java.util.Optional;

/**
 * The three disjoint sets of labelled nodes: one to train on, one to select the model by, one to
 * report results on.
 */
public enum Split {
  TRAIN,
  VALID,
  TEST;

  /**
   * The split that a table of nodes means by a word, such as {@code train}, {@code val} or {@code
   * dev}, in upper or lower case and with blanks around it; none if it means no split.
   */
  @Internal
  public static Optional<Split> ofWord(String word) {
    return switch (word.strip().toLowerCase(Locale.ROOT)) {
      case "train", "training", "tr" -> Optional.of(TRAIN);
      case "valid", "val", "va", "validation", "dev", "development" -> Optional.of(VALID);
      case "test", "testing", "te" -> Optional.of(TEST);
      default -> Optional.empty();
    };
  }

  /**
   * The name of the split's file without its ending: {@code train}, {@code valid}, {@code test}.
   */
  public String fileName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
