package io.millrace.datasets.links;

import io.millrace.datasets.Split;

/**
 * Divides events by time: the earliest are for training, the next for validation and the last for
 * the test. Events of the same time are in the same part. Immutable.
 *
 * @param validShare share of the events for validation, above 0
 * @param testShare share of the events for the test, 0 or more; together below 1
 */
public record TimeSplit(double validShare, double testShare) {
  /** 15 % each, as temporal graph networks are compared. */
  public static final TimeSplit DEFAULT = new TimeSplit(.15, .15);

  /**
   * @throws io.millrace.BadInputException if a share is out of range
   */
  public TimeSplit {
    HeldOutShares.require(validShare, testShare);
  }

  /** The events of a part, which may be none. */
  public TimedLinks of(TimedLinks links, Split part) {
    int valid = cut(links, 1 - validShare - testShare);
    int test = cut(links, 1 - testShare);
    return switch (part) {
      case TRAIN -> links.range(0, valid);
      case VALID -> links.range(valid, test);
      case TEST -> links.range(test, links.size());
    };
  }

  /** The end of the first share of the events, and of those at its last time. */
  private static int cut(TimedLinks links, double share) {
    int count = (int) (share * links.size() + 1e-9);
    return count == 0 ? 0 : links.countUntil(links.times()[count - 1]);
  }
}
