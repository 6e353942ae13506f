package io.millrace.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the tests of the Python scripts beside this module, where there are Python and numpy. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PeersTest {
  private static final Path PEERS =
      Path.of(System.getProperty("maven.multiModuleProjectDirectory")).resolve("bench/peers");

  private record Run(int exitCode, String output) {}

  @Test
  @Tag("exhaustive")
  void theScriptsPassTheirTests() throws Exception {
    assumeTrue(python("-c", "import numpy").exitCode == 0, "python3 and numpy are not installed");

    Run tests = python("-m", "unittest");

    assertEquals(0, tests.exitCode, tests.output);
  }

  private static Run python(String... args) throws InterruptedException {
    List<String> command = Stream.concat(Stream.of("python3", "-B"), Stream.of(args)).toList();
    try {
      Process process =
          new ProcessBuilder(command).directory(PEERS.toFile()).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Run(process.waitFor(), output);
    } catch (IOException e) {
      return new Run(-1, e.toString());
    }
  }
}
