package io.millrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others have named can neither control the terminal nor tell a password. */
class HostileNamesTest {
  private static final String ESCAPE = "\u001b[31m";
  @TempDir Path folder;

  private static void assertPlain(CommandRun run) {
    for (String text : List.of(run.out(), run.err())) {
      assertTrue(
          text.chars().noneMatch(c -> Character.isISOControl(c) && c != '\n'),
          () -> text.replace("\u001b", "<ESC>"));
    }
  }

  @Test
  void namesOfDatasetAndClassesNeverControlTheTerminal() throws IOException {
    Path edges = Files.writeString(folder.resolve("edges.csv"), "0,1\n1,2\n2,0\n");
    Path nodes =
        Files.writeString(folder.resolve("nodes.csv"), "id,y\n0,a" + ESCAPE + "\n1,b\n2,b\n");
    Path out = folder.resolve("graph");
    CommandRun made =
        CommandRun.ok(
            "import",
            "edges",
            edges,
            "--nodes",
            nodes,
            "--label-column",
            "y",
            "--id-column",
            "id",
            "--name",
            "red" + ESCAPE,
            "--out",
            out);
    assertPlain(made);
    assertTrue(made.out().contains("red\\x1b[31m"), made.out());
    assertPlain(CommandRun.of("inspect", out));
    assertPlain(CommandRun.of("inspect", folder.resolve("none" + ESCAPE)));
    assertPlain(CommandRun.of("inspect", "--unknown" + ESCAPE, out));
  }

  /** All commands that print a path that was given. */
  @Test
  @Tag("exhaustive")
  void aLineBreakInAPathEndsNoLine() throws IOException {
    Path odd = Files.createDirectory(folder.resolve("a 'b\nFORGED" + ESCAPE));
    Path graph = odd.resolve("graph");
    Path model = odd.resolve("model");
    Path edges = Files.writeString(odd.resolve("edges.csv"), "0,1\n1,2\n2,0\n");
    Path space = Files.writeString(odd.resolve("space.yaml"), "lr: [0.01]\n");
    Path yaml = Files.writeString(odd.resolve("none.yaml"), "lr: {\n");
    List<Object> small = List.of("--hidden", 2, "--fanout", "2,2", "--device", "cpu");
    List<List<Object>> lines =
        List.of(
            List.of("generate", "planted", "--nodes", 200, "--features", 2, "--out", graph),
            List.of("import", "edges", edges, "--out", odd.resolve("imported")),
            List.of("inspect", graph),
            List.of("export", graph, "--out", odd.resolve("exported")),
            List.of("partition", graph, "--parts", 2, "--out", odd.resolve("parts")),
            List.of("sample", graph, "--batches", 1, "--out", odd.resolve("batches.npz")),
            List.of("split-edges", graph, "--out", odd.resolve("links")),
            with(small, "train", graph, "--epochs", 1, "--save", model),
            with(small, "train", graph, "--epochs", 1, "--resume", model),
            List.of("report", model, "--out", odd.resolve("report.html")),
            List.of("export", model, "--out", odd.resolve("pyg")),
            List.of("infer", graph, "--model", model, "--out", odd.resolve("scores")),
            List.of("infer", graph, "--model", model, "--out", odd.resolve("scores")),
            with(small, "tune", graph, "--batches", 1, "--out", odd.resolve("tuned.json")),
            with(
                small,
                "sweep",
                graph,
                "--space",
                space,
                "--trials",
                1,
                "--max-epochs",
                1,
                "--grace",
                1,
                "--out",
                odd.resolve("sweep")),
            List.of("sweep", graph, "--space", yaml, "--out", odd.resolve("none")),
            List.of("get", "ogbn-arxiv", "--url", "http://127.0.0.1:99/x\ny", "--out", odd),
            List.of("serve", odd.resolve("none"), "--model", model),
            List.of("bundle", "--out", odd.resolve("millrace.tar.gz")));
    for (List<Object> line : lines) {
      CommandRun run = CommandRun.of(line.toArray());
      assertPlain(run);
      for (String text : List.of(run.out(), run.err())) {
        assertTrue(text.lines().noneMatch(it -> it.startsWith("FORGED")), () -> line + ": " + text);
      }
    }
    assertTrue(Files.exists(odd.resolve("sweep/report.html")), "the commands did their work");
  }

  private static List<Object> with(List<Object> more, Object... line) {
    List<Object> all = new ArrayList<>(List.of(line));
    all.addAll(more);
    return all;
  }

  @Test
  void anAddressWithAPasswordIsRefusedWithoutShowingIt() {
    for (String url :
        List.of("http://me:secret@localhost:1/a.zip", "http://me:secret@local host/a.zip")) {
      CommandRun run =
          CommandRun.of("get", "arxiv", "--url", url, "--out", folder.resolve("a"), "--quiet");
      run.assertBadInput("address");
      assertFalse(run.err().contains("secret"), run.err());
    }
  }

  @Test
  void aSignedQueryIsNotShown() {
    String url = "http://127.0.0.1:99/a.zip?signature=secret";
    CommandRun run = CommandRun.of("get", "arxiv", "--url", url, "--out", folder.resolve("a"));
    assertEquals(2, run.exitCode(), run.err());
    assertTrue(run.err().contains("http://127.0.0.1:99/a.zip"), run.err());
    assertFalse(run.err().contains("secret"), run.err());
    assertFalse(left().contains("secret"), "left behind");
  }

  private String left() {
    StringBuilder all = new StringBuilder();
    for (Path file : List.of(folder.resolve("a.zip.part"), folder.resolve("a.zip.part.mark"))) {
      try {
        all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      } catch (IOException _) {
        // not left
      }
    }
    return all.toString();
  }
}
