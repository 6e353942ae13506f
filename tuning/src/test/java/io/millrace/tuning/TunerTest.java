package io.millrace.tuning;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.tuning.model.Setting;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TunerTest {
  private static final Choice STANDARD = new Choice(new Setting(4, 8, 6), Storage.DEFAULT);
  private static final Choice OTHER = new Choice(new Setting(1, 8, 3), Storage.DEFAULT);

  private static Choice chosen(double standard, double other) {
    return Tuner.choose(Map.of(STANDARD, standard, OTHER, other), STANDARD);
  }

  @Test
  void theDefaultStaysUnlessAnotherIsBetterByTwoPerCent() {
    assertEquals(STANDARD, chosen(100, 102));
    assertEquals(OTHER, chosen(100, 102.1));
  }
}
