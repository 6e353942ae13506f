package io.millrace.training.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class WaitPolicyTest {
  @Test
  void isPassiveUnlessTheUserChose() {
    assertEquals(Optional.of("PASSIVE"), WaitPolicy.wanted(null, null));
    assertEquals(Optional.of("PASSIVE"), WaitPolicy.wanted(null, "passive"));
    assertEquals(Optional.of("ACTIVE"), WaitPolicy.wanted(null, "active"));
    assertEquals(Optional.empty(), WaitPolicy.wanted(null, "off"));
    assertEquals(Optional.empty(), WaitPolicy.wanted("ACTIVE", null));
    assertEquals(Optional.empty(), WaitPolicy.wanted("", "passive"));
  }

  @Test
  void refusesAPolicyThatIsNone() {
    BadInputException e =
        assertThrows(BadInputException.class, () -> WaitPolicy.wanted(null, "sleepy"));
    assertEquals(
        "the wait policy is passive, active or off: millrace.waitPolicy=sleepy", e.getMessage());
  }

  @Test
  @Tag("exhaustive")
  void isInTheProcessesEnvironmentWhenLibtorchIsLoaded() throws Exception {
    assertEquals(
        List.of("OMP_WAIT_POLICY=PASSIVE", "they sleep: Millrace's default"), policy(Map.of()));
  }

  @Test
  @Tag("exhaustive")
  void leavesTheVariableOfTheUserAsItIs() throws Exception {
    assertEquals(
        List.of("OMP_WAIT_POLICY=active", "they spin: OMP_WAIT_POLICY=active"),
        policy(Map.of("OMP_WAIT_POLICY", "active")));
  }

  @Test
  @Tag("exhaustive")
  void leavesTheEnvironmentAloneIfAskedTo() throws Exception {
    assertEquals(
        List.of("OMP_WAIT_POLICY=null", "they spin: millrace.waitPolicy=off"),
        policy(Map.of(), "-Dmillrace.waitPolicy=off"));
  }

  @Test
  void aMissingFlagIsToldInOneLine() throws Exception {
    List<String> lines = EngineProcess.lines(Map.of(), "--illegal-native-access=deny");
    String expected = "libtorch needs native access: flag=--enable-native-access=ALL-UNNAMED";
    assertTrue(lines.getFirst().endsWith(expected), lines.toString());
  }

  /** What a JVM of its own prints of the policy. */
  private static List<String> policy(Map<String, String> variables, String... flags)
      throws Exception {
    return EngineProcess.lines(variables, flags).subList(0, 2);
  }
}
