package io.millrace.training.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import io.millrace.BadInputException;
import io.millrace.training.loss.Loss;
import io.millrace.training.metrics.AnswerKind;
import io.millrace.training.metrics.Metric;
import io.millrace.training.models.GraphSage;
import io.millrace.training.optim.Schedule;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a text from a file may name, and what it may not. */
class NamedClassTest {
  private static final AtomicBoolean RUN = new AtomicBoolean();

  /** A user's own. */
  public record Power(double exponent) implements Loss {
    public Power {
      if (exponent < 0) {
        throw BadInputException.of("exponent must not be negative", "exponent", exponent);
      }
    }

    @Override
    public boolean fits(AnswerKind kind) {
      return true;
    }

    @Override
    public NDArray terms(NDArray output, NDArray answers) {
      return output.sub(answers).abs().pow(exponent);
    }
  }

  /** Not a loss: its initialisation must never run. */
  public record Trap(int x) {
    static {
      RUN.set(true);
    }
  }

  @Test
  void readsWhatItWrites() {
    Power own = new Power(1.5);
    assertEquals(Power.class.getName() + "{\"exponent\":1.5}", ObjectiveText.text(own));
    assertEquals(own, ObjectiveText.loss(ObjectiveText.text(own)));
    assertEquals(new Power(0), ObjectiveText.loss(Power.class.getName()));
    for (Loss loss : Loss.standard()) {
      assertEquals(loss, ObjectiveText.loss(ObjectiveText.text(loss)));
    }
    for (Metric metric : Metric.standard()) {
      assertEquals(metric, ObjectiveText.metric(ObjectiveText.text(metric)));
    }
    assertEquals(
        new Schedule.Step(2, 0.5),
        ObjectiveText.schedule(
            Schedule.Step.class.getName() + "{\"numEpochs\":2,\"factor\":0.5}", List.of()));
  }

  @Test
  void refusesAClassThatIsMissingOrNoneOfTheKindWithoutRunningIt() {
    for (String name :
        List.of(
            "no.such.Loss", "java.lang.String", GraphSage.class.getName(), Trap.class.getName())) {
      BadInputException e =
          assertThrows(BadInputException.class, () -> ObjectiveText.loss(name + "{\"x\":1}"));
      assertTrue(
          e.getMessage()
              .startsWith("unknown kind of loss, and no loss on the class path: kind=" + name),
          e.getMessage());
    }
    assertFalse(RUN.get());
    assertThrows(
        BadInputException.class, () -> ObjectiveText.metric(ObjectiveText.text(new Power(1))));
  }

  @Test
  void refusesSettingsInOneLine() {
    String name = Power.class.getName();
    for (String settings : List.of("{", "{\"exponent\":\"x\"}", "{\"exponent\":-1}", "{}{}")) {
      BadInputException e =
          assertThrows(BadInputException.class, () -> ObjectiveText.loss(name + settings));
      assertTrue(
          e.getMessage().startsWith("settings of a loss cannot be read: kind=" + name),
          e.getMessage());
      assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    }
    String figure = Metric.R2.getClass().getName(); // a record, but not one of plain values
    assertThrows(BadInputException.class, () -> ObjectiveText.metric(figure));
    String warmUp = Schedule.WarmUp.class.getName() + "{\"numEpochs\":1}"; // up to no schedule
    assertThrows(BadInputException.class, () -> ObjectiveText.schedule(warmUp, List.of()));
  }

  /** Whatever is written in a model file, the answer is a loss or one line. */
  @Test
  @Tag("exhaustive")
  void mutatedTextsAreReadOrRefused() {
    Random random = new Random(17);
    String text = ObjectiveText.text(new Power(1.5));
    for (int i = 0; i < 3000; i++) {
      StringBuilder mutated = new StringBuilder(text);
      for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
        int at = random.nextInt(mutated.length());
        switch (random.nextInt(3)) {
          case 0 -> mutated.setCharAt(at, (char) random.nextInt(128));
          case 1 -> mutated.deleteCharAt(at);
          default -> mutated.insert(at, (char) random.nextInt(0x3000));
        }
      }
      try {
        ObjectiveText.loss(mutated.toString());
      } catch (BadInputException e) {
        assertFalse(e.getMessage().isBlank());
      }
    }
  }
}
