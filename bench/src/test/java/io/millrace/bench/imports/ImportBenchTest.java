package io.millrace.bench.imports;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.cli.CommandRun;
import io.millrace.datasets.csr.CsrBuilder;
import io.millrace.datasets.csr.EdgeList;
import io.millrace.datasets.csr.EdgeOptions;
import io.millrace.datasets.formats.edgelist.EdgeListImporter;
import io.millrace.datasets.formats.edgelist.EdgeListOptions;
import io.millrace.datasets.formats.ids.NodeIdKind;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImportBenchTest {
  @TempDir private Path folder;

  /** A competitor that does other work would be no competitor. */
  @ParameterizedTest
  @EnumSource(names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
  void thePlainLoopReadsTheSameEdges(NodeIdKind kind) {
    Path file = new EdgeFile(5000, 300, kind, 1).write(folder.resolve("edges.txt"));
    EdgeListOptions options = EdgeListOptions.defaults().withIds(kind);
    try (EdgeList plain = new PlainImport(kind).parse(file);
        EdgeList ours = EdgeListImporter.readEdges(List.of(file), options, Progress.NONE)) {
      assertEquals(5000, ours.size());
      assertArrayEquals(indices(plain), indices(ours));
    }
  }

  private static int[] indices(EdgeList edges) {
    try (Arena arena = Arena.ofShared()) {
      return CsrBuilder.build(300, edges, EdgeOptions.DIRECTED, arena)
          .indices()
          .toArray(ValueLayout.JAVA_INT);
    }
  }

  /** A device that is always full. */
  @Test
  void aTableThatDoesNotFitOnTheDiskIsTold() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full));
    EdgeFile table = new EdgeFile(10, 5, NodeIdKind.DENSE, 1);
    Exception e = assertThrows(BadInputException.class, () -> table.write(full));
    assertTrue(e.getMessage().startsWith("the table cannot be written: file=/dev/full, cause="));
  }

  @Test
  void measuresParsingAndImporting() {
    String[] args =
        "bench import --edges 3000 --nodes 50 --rounds 1 --workers 3 --json -".split(" ");
    JsonObject result = CommandRun.of((Object[]) args).json();
    assertEquals("bench import", result.get("command").getAsString());
    assertEquals(String.join(" ", args), result.get("arguments").getAsString());
    assertTrue(result.has("commit"));
    assertEquals(3000, result.get("num_edges").getAsInt());
    JsonObject settings = result.getAsJsonObject("settings");
    assertEquals("dense", settings.get("ids").getAsString());
    assertEquals(1, settings.get("rounds").getAsInt());
    assertEquals(3, settings.get("workers").getAsInt());
    Set<Integer> threads = new TreeSet<>();
    for (JsonElement run : result.getAsJsonArray("runs")) {
      threads.add(run.getAsJsonObject().get("threads").getAsInt());
      assertTrue(run.getAsJsonObject().get("edges_per_second").getAsDouble() > 0);
    }
    assertEquals(Set.of(1, 3), threads);
  }
}
