package io.millrace.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.cli.Millrace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
  private static final String STEP =
      """
      {"command": "bench step", "chosen": "fused mean", "variants": [
       {"name": "linears only", "step_ms": 100.0}, {"name": "fused mean", "step_ms": 123.4}]}
      """;

  @TempDir private Path folder;

  @Test
  void plotsEachResultWithItsValues() throws IOException {
    Files.writeString(folder.resolve("step.json"), STEP);
    Files.writeString(
        folder.resolve("sampler.json"),
        """
        {"command": "bench sampler", "dataset": "cora", "runs": [
         {"name": "millrace", "threads": 1, "edges_per_second": 4.2e7},
         {"name": "millrace", "threads": 2, "edges_per_second": 8.3e7}]}
        """);
    Path svg = folder.resolve("plots/speed.svg");

    assertEquals("", run("bench", "report", folder.toString(), "--out", svg.toString()));

    String text = Files.readString(svg);
    for (String shown : new String[] {"123.4", "83", "Sampling, cora", "2 threads", "fused mean"}) {
      assertTrue(text.contains(shown), shown);
    }
    assertTrue(text.indexOf("Sampling, cora") < text.indexOf("fused mean"), "pipeline's order");
  }

  @Test
  void refusesAnIncompleteResult() throws IOException {
    Files.writeString(folder.resolve("step.json"), STEP.replace("step_ms", "other"));
    Path svg = folder.resolve("speed.svg");

    String error = run("bench", "report", folder.toString(), "--out", svg.toString());

    assertTrue(error.contains("not a complete result of a benchmark: file="), error);
    assertFalse(Files.exists(svg));
  }

  @Test
  void refusesAFolderWithoutResults() {
    String error = run("bench", "report", folder.toString(), "--out", folder + "/speed.svg");

    assertTrue(error.contains("no results to plot: folder="), error);
  }

  /** What was printed as an error; empty if all went well. */
  private static String run(String... arguments) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(new ByteArrayOutputStream());
    int exitCode = Millrace.run(arguments, out, new PrintStream(err, true));
    return exitCode == 0 ? "" : err.toString(StandardCharsets.UTF_8);
  }
}
