package io.millrace.datasets.links;

import io.millrace.BadInputException;

/** The shares of links that a split holds out from training. */
final class HeldOutShares {
  private HeldOutShares() {}

  /**
   * @throws BadInputException if a share is out of range
   */
  static void require(double validShare, double testShare) {
    if (!(validShare > 0 && testShare >= 0 && validShare + testShare < 1)) {
      throw BadInputException.of(
          "shares must be above 0 (test: 0 or more) and leave links for training",
          "valid",
          validShare,
          "test",
          testShare);
    }
  }
}
