package io.millrace.tuning;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.sampler.IdMapKind;
import io.millrace.transfer.PipelineSettings;
import io.millrace.tuning.model.Setting;
import java.util.Map;
import java.util.OptionalInt;
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

  @Test
  void whatIsNotDecidedOfThePipelineStays() {
    PipelineSettings untuned = PipelineSettings.defaults().deviceSlots(3);
    PipelineSettings found = Storage.DEFAULT.idMap(IdMapKind.FLAT_HASH).pipeline(untuned);
    assertEquals(OptionalInt.of(3), found.deviceSlots());
    assertEquals(IdMapKind.FLAT_HASH, found.idMap());
  }

  @Test
  void validationBatchesAreKeptIfThatSavesATenthOfAnEvaluation() {
    assertEquals(new EvaluationCache(1000, .125), EvaluationCache.of(1000, 15, 5, 65));
    assertEquals(EvaluationCache.NONE, EvaluationCache.of(1000, 15, 10, 65));
    assertEquals(EvaluationCache.NONE, EvaluationCache.of(0, 15, 5, 65), "none has room");
  }
}
