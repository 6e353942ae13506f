package io.millrace.datasets.formats.edgelist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.github.luben.zstd.ZstdOutputStream;
import io.millrace.Progress;
import io.millrace.datasets.Expect;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Notes;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.inspect.DatasetInspector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Imports lists of edges from files that a test writes. */
abstract class EdgeListFixture {
  static final EdgeListOptions DEFAULTS = EdgeListOptions.defaults();

  @TempDir Path folder;
  final Notes notes = new Notes();
  int numOuts;

  Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  GraphDataset run(EdgeListOptions options, Path... files) {
    Path out = folder.resolve("out" + numOuts++);
    EdgeListImporter.importFiles(List.of(files), options, out, ImportOptions.defaults(), notes);
    DatasetInspector.inspect(out, Progress.NONE);
    return GraphDataset.open(out);
  }

  void rejects(EdgeListOptions options, Path file, String... parts) {
    List<String> before = List.of(folder.toFile().list());
    Expect.badInput(() -> run(options, file), parts);
    assertEquals(before, List.of(folder.toFile().list()));
  }

  /** Each edge by its names, as {@code src>dst}, in the order of the rows. */
  static String edges(GraphDataset data) {
    StringBuilder edges = new StringBuilder();
    for (int v = 0; v < data.graph().numNodes(); v++) {
      for (long i = data.graph().rowStart(v); i < data.graph().rowStart(v + 1); i++) {
        int src = data.graph().neighbor(i);
        edges.append(name(data, src)).append('>').append(name(data, v)).append(' ');
      }
    }
    return edges.toString().strip();
  }

  static String name(GraphDataset data, int node) {
    return data.dictionary().map(d -> d.name(node)).orElse(Integer.toString(node));
  }

  String imported(EdgeListOptions options, Path... files) {
    try (GraphDataset data = run(options, files)) {
      return edges(data);
    }
  }

  static byte[] zstd(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new ZstdOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
