package io.millrace.training.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
  void isInTheProcessesEnvironmentWhenLibtorchIsLoaded() throws Exception {
    assertEquals(
        List.of("OMP_WAIT_POLICY=PASSIVE", "they sleep: Millrace's default"), engine(null));
  }

  @Test
  void leavesTheVariableOfTheUserAsItIs() throws Exception {
    assertEquals(
        List.of("OMP_WAIT_POLICY=active", "they spin: OMP_WAIT_POLICY=active"), engine("active"));
  }

  @Test
  void leavesTheEnvironmentAloneIfAskedTo() throws Exception {
    assertEquals(
        List.of("OMP_WAIT_POLICY=null", "they spin: millrace.waitPolicy=off"),
        engine(null, "-Dmillrace.waitPolicy=off"));
  }

  @Test
  void aMissingFlagIsToldInOneLine() throws Exception {
    List<String> lines = engine(null, "--illegal-native-access=deny");
    String expected = "libtorch needs native access: flag=--enable-native-access=ALL-UNNAMED";
    assertTrue(lines.getFirst().endsWith(expected), lines.toString());
  }

  /** The lines that a JVM of its own prints. */
  private static List<String> engine(String variable, String... flags) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    boolean denied = List.of(flags).contains("--illegal-native-access=deny");
    if (!denied) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of("-XX:-UsePerfData", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-Dai.djl.offline=true", "-DOPT_OUT_TRACKING=true"));
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=error");
    command.addAll(List.of(flags));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), EngineProcess.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove(WaitPolicy.VARIABLE);
    if (variable != null) {
      builder.environment().put(WaitPolicy.VARIABLE, variable);
    }
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(denied ? 1 : 0, process.waitFor(), output);
    return output.lines().filter(line -> !line.startsWith("WARNING")).toList();
  }
}
