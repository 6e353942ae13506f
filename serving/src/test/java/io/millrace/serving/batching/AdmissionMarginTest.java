package io.millrace.serving.batching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AdmissionMarginTest {
  @Test
  void staysAtItsMostWhileNothingIsLate() {
    AdmissionMargin margin = new AdmissionMargin();
    for (int i = 0; i < 100; i++) {
      margin.finished(10, 0);
    }
    assertEquals(0.9, margin.share());
  }

  /** Batches are late by how far the share is above .6. */
  @Test
  void restsWhereTheTargetIsLate() {
    AdmissionMargin margin = new AdmissionMargin();
    for (int i = 0; i < 2000; i++) {
      margin.finished(1000, (int) Math.max(0, 100 * (margin.share() - 0.6)));
    }
    assertEquals(0.62, margin.share(), 0.02);
  }

  @Test
  void doesNotFallForEverBecauseOfWhatCannotBeForeseen() {
    AdmissionMargin margin = new AdmissionMargin();
    for (int i = 0; i < 100; i++) {
      margin.finished(10, 10);
    }
    assertEquals(0.35, margin.share());
    margin.finished(10, 0);
    assertTrue(margin.share() > 0.35);
  }
}
