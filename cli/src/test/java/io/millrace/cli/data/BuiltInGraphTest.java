package io.millrace.cli.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Progress;
import io.millrace.datasets.generator.GeneratorOptions;
import io.millrace.datasets.generator.GraphGenerator;
import io.millrace.datasets.inspect.DatasetInspector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BuiltInGraphTest {
  private static final GeneratorOptions OPTIONS = GeneratorOptions.of(64, 200);

  private static Path make(GraphGenerator kind, GeneratorOptions options, Progress progress) {
    return BuiltInGraph.make("builtin-test", kind, options, progress);
  }

  @Test
  void whateverMakesAnotherGraphMakesItElsewhere() {
    Path rmat = make(GraphGenerator.RMAT, OPTIONS, Progress.NONE);
    assertEquals(rmat, make(GraphGenerator.RMAT, OPTIONS, Progress.NONE));
    assertNotEquals(rmat, make(GraphGenerator.RMAT, OPTIONS.withSeed(5), Progress.NONE));
    assertNotEquals(rmat, make(GraphGenerator.CHUNG_LU, OPTIONS, Progress.NONE));
  }

  @Test
  void aDamagedGraphOfAnyKindIsMadeAgain() throws Exception {
    Path graph = make(GraphGenerator.RMAT, OPTIONS.withSeed(7), Progress.NONE);
    Files.writeString(graph.resolve("indices.npy"), "damaged");
    List<String> notes = new ArrayList<>();
    make(GraphGenerator.RMAT, OPTIONS.withSeed(7), new Notes(notes));
    assertEquals(1, notes.size());
    assertTrue(notes.getFirst().contains("is damaged and is made again"), notes.getFirst());
    assertEquals(64, DatasetInspector.inspect(graph, Progress.NONE).description().numNodes());
  }

  private record Notes(List<String> heard) implements Progress {
    @Override
    public void update(String stage, long done, long total) {}

    @Override
    public void note(String message) {
      heard.add(message);
    }
  }
}
