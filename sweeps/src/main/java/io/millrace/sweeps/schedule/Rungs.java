package io.millrace.sweeps.schedule;

import io.millrace.BadInputException;
import io.millrace.Require;
import java.util.ArrayList;
import java.util.List;

/**
 * The numbers of epochs at which trials are compared: grace · η^(s + k), up to the most epochs,
 * where s is the bracket. (1, 3, 27) gives 1, 3, 9, 27; (2, 3, 50) gives 2, 6, 18. Immutable.
 *
 * @param eta of how many trials one goes on
 * @param maxEpochs that a trial trains at most
 * @param levels in ascending order, at least one
 */
public record Rungs(int eta, int maxEpochs, List<Integer> levels) {
  public Rungs {
    levels = List.copyOf(levels);
  }

  /**
   * @param grace epochs that each trial trains at least
   * @throws BadInputException if a number is below 1, eta below 2, or the first rung is beyond the
   *     last epoch
   */
  public static Rungs of(int grace, int eta, int maxEpochs, int bracket) {
    Require.positive("grace", grace);
    Require.positive("maxEpochs", maxEpochs);
    if (eta < 2) {
      throw BadInputException.of("eta must be at least 2", "eta", eta);
    }
    if (bracket < 0) {
      throw BadInputException.of("bracket must not be negative", "bracket", bracket);
    }
    List<Integer> levels = new ArrayList<>();
    long level = grace;
    for (int k = 0; level <= maxEpochs; k++) {
      if (k >= bracket) {
        levels.add((int) level);
      }
      level *= eta;
    }
    if (levels.isEmpty()) {
      throw BadInputException.of(
          "the first rung is beyond the last epoch",
          "grace",
          grace,
          "eta",
          eta,
          "bracket",
          bracket,
          "maxEpochs",
          maxEpochs);
    }
    return new Rungs(eta, maxEpochs, levels);
  }

  /** As {@link #of(int, int, int, int)}, in bracket 0. */
  public static Rungs of(int grace, int eta, int maxEpochs) {
    return of(grace, eta, maxEpochs, 0);
  }

  int number() {
    return levels.size();
  }

  /** The index of the rung at so many epochs; -1 if there is none. */
  int at(int epoch) {
    return levels.indexOf(epoch);
  }

  /** The index of the first rung at so many epochs or more; -1 if there is none. */
  int atOrAfter(int epoch) {
    for (int k = 0; k < number(); k++) {
      if (levels.get(k) >= epoch) {
        return k;
      }
    }
    return -1;
  }

  /** The next rung after so many epochs, or the last epoch. */
  int levelAfter(int epoch) {
    int rung = atOrAfter(epoch + 1);
    return rung < 0 ? maxEpochs : levels.get(rung);
  }

  /** Whether trials train beyond this rung. */
  boolean goesOn(int rung) {
    return levels.get(rung) < maxEpochs;
  }
}
