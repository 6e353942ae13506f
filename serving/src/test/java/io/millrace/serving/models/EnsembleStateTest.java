package io.millrace.serving.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnsembleStateTest {
  private static final List<String> NAMES = List.of("a", "b");

  @TempDir private Path folder;

  private EnsembleState state() {
    return new EnsembleState(NAMES, Optional.of(folder.resolve("state.json")));
  }

  @Test
  void anIdIsTakenOnceAlsoAfterARestart() {
    EnsembleState state = state();
    assertTrue(state.take("x"));
    assertFalse(state.take("x"));
    state.learn(new double[] {0, 1}, new double[] {1, 1}, 0.5);
    double[] weights = state.judged(1, 1);
    EnsembleState later = state();
    assertArrayEquals(weights, later.weights());
    assertFalse(later.take("x"));
    assertTrue(later.take("y"));
  }

  @Test
  void anIdWhoseFeedbackFailedCanBeSentAgain() {
    EnsembleState state = state();
    assertTrue(state.take("x"));
    state.giveBack("x");
    assertTrue(state.take("x"));
  }

  /** As on a full disk: otherwise feedback that was learned is answered by an error. */
  @Test
  void whatCannotBeWrittenIsWrittenByTheNextFeedback() throws Exception {
    EnsembleState state = state();
    Path file = folder.resolve("state.json");
    Files.delete(file);
    Files.createDirectory(file);
    Files.createFile(file.resolve("in the way"));
    state.learn(new double[] {0, 1}, new double[] {1, 1}, 0.5);
    double[] weights = state.judged(1, 2);

    Files.delete(file.resolve("in the way"));
    Files.delete(file);
    assertArrayEquals(weights, state.judged(1, 1));
    EnsembleState later = state();
    assertArrayEquals(weights, later.weights(), 1e-12);
    assertEquals(2.0 / 3, later.accuracy());
  }

  @Test
  void theLatestThousandIdsAreKept() {
    EnsembleState state = state();
    for (int i = 0; i <= 1000; i++) {
      assertTrue(state.take("id" + i));
    }
    assertFalse(state.take("id1"), "kept");
    assertTrue(state.take("id0"), "forgotten");
  }

  @Test
  void aFileWithoutIdsIsRead() throws Exception {
    Files.writeString(
        folder.resolve("state.json"),
        "{\"models\":[\"a\",\"b\"],\"weights\":[0.25,0.75],\"right\":3,\"judged\":4}");
    assertEquals(0.75, state().accuracy());
    assertTrue(state().take("x"));
  }
}
