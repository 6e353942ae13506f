package io.millrace.cli.infer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.Streams;
import io.millrace.training.inference.InferenceReport;
import io.millrace.training.inference.PassReport;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InferResultTest {
  private static String printed(long numComputed) {
    List<PassReport> passes =
        List.of(
            new PassReport("layer 0", 2, 4000, 0, 0, 0, 0, 0, 0),
            new PassReport("layer 1", 1, numComputed, 0, 0, 0, 0, 0, 0));
    InferenceReport report = new InferenceReport(false, 6000, passes, Map.of(), 4, 1 << 30);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    Output output = new Output(new Streams(out, System.err), new CommonOptions());
    InferResult.print("graph", report, Optional.empty(), Path.of("out"), output);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void onlyNodesThatThisProcessHasComputedStandBesideItsSeconds() {
    assertStarts("graph: 6,000 nodes computed at 2,000 nodes/s in 4.0 s, ", printed(6000));
    assertStarts("graph: 3,000 of 6,000 nodes computed at 1,000 nodes/s in 4.0 s, ", printed(3000));
    assertStarts("graph: 6,000 nodes, computed before: done in 4.0 s, ", printed(0));
  }

  private static void assertStarts(String expected, String line) {
    assertTrue(line.startsWith(expected), line);
  }
}
