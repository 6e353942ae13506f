package io.millrace.datasets.formats.ogb;

import io.millrace.Progress;
import io.millrace.datasets.Expect;
import io.millrace.datasets.NumpyFiles;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.graphbolt.GraphBoltImporter;
import io.millrace.datasets.formats.graphbolt.GraphBoltOptions;
import io.millrace.datasets.npy.NpzFile;
import io.millrace.datasets.npy.NumpyReader;
import io.millrace.datasets.text.CsvReader;
import io.millrace.datasets.text.Delimiter;
import io.millrace.datasets.text.FieldSplitter;
import io.millrace.datasets.text.HeaderMode;
import io.millrace.datasets.text.LineBlocks;
import io.millrace.datasets.text.LineReader;
import io.millrace.datasets.text.TextFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small files that say that much follows: nothing is made for it before it is there. */
class HugeClaimsTest {
  private static final String HUGE = "1099511627776"; // 2^40
  private static final String MOST_NODES = "2147483646";

  @TempDir Path folder;

  private Path file(String name, byte[] bytes) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }

  /** A line of zeros or commas, packed into a thousandth. */
  private Path line(String name, char c, int length) throws IOException {
    Path file = file(name, new byte[0]);
    byte[] part = Character.toString(c).repeat(1 << 20).getBytes();
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      for (int written = 0; written < length; written += part.length) {
        out.write(part, 0, Math.min(part.length, length - written));
      }
    }
    return file;
  }

  @Test
  void anArrayIsNotLargerThanItsFile() throws IOException {
    Path file = file("a.npy", NumpyFiles.npy("<f4", false, HUGE + ", 2", 1, 2));
    Expect.badInput(
        () -> NumpyReader.open(file), "npy data is truncated: file=" + file, "dataBytes=8");
  }

  @Test
  void anArrayIsNotLargerThanItsMemberOfAnArchive() throws IOException {
    byte[] npy = NumpyFiles.npy("<f4", false, HUGE + ", 2", 1, 2);
    Path file = NumpyFiles.npz(folder.resolve("a.npz"), Map.of("x", npy));
    try (NpzFile npz = NpzFile.open(file)) {
      Expect.badInput(
          () -> npz.read("x"), "npy data is truncated: file=" + file, "member=x", "dataBytes=8");
    }
  }

  @Test
  void aFolderHasNotMoreNodesThanLabels() throws IOException {
    file("raw/num-node-list.csv", MOST_NODES.getBytes());
    file("raw/num-edge-list.csv", "1".getBytes());
    file("raw/edge.csv", "0,1\n".getBytes());
    for (String labels : new String[] {"1\n0\n", "1,0\n0,1\n"}) {
      file("raw/node-label.csv", labels.getBytes());
      Expect.badInput(
          () ->
              OgbImporter.importFolder(
                  folder, folder.resolve("out"), ImportOptions.defaults(), Progress.NONE),
          "too few lines: file=" + folder.resolve("raw/node-label.csv"),
          "lines=2, need=" + MOST_NODES);
    }
  }

  @Test
  void aSplitHasNotMoreLinesThanThereAreNodes() throws IOException {
    Path file = file("train.csv", "0\n0\n0\n".getBytes());
    Expect.badInput(() -> OgbCsv.nodes(file, 2), "too many lines: file=" + file, "line=3, need=2");
  }

  @Test
  void aGraphBoltFolderHasNotMoreNodesThanFeatures() throws IOException {
    String metadata =
        """
        graph: {nodes: [{num: %s}], edges: [{format: csv, path: edges.csv}]}
        feature_data: [{domain: node, name: feat, format: numpy, path: feat.npy}]
        """;
    file("metadata.yaml", metadata.formatted(MOST_NODES).getBytes());
    file("edges.csv", "0,1\n".getBytes());
    file("feat.npy", NumpyFiles.npy("<f4", false, "2, 1", 1, 2));
    Expect.badInput(
        () ->
            GraphBoltImporter.importFolder(
                folder,
                GraphBoltOptions.defaults(),
                folder.resolve("out"),
                ImportOptions.defaults(),
                Progress.NONE),
        "npy file has the wrong shape: file=" + folder.resolve("feat.npy"),
        "shape=[2, 1], need=[" + MOST_NODES);
  }

  @Test
  void aLineEndsSomewhere() throws IOException {
    Path file = line("a.csv.gz", '0', 2 * LineReader.MAX_LINE_BYTES + 1);
    Expect.badInput(
        () -> {
          try (CsvReader csv = CsvReader.open(file)) {
            csv.nextLine();
          }
        },
        "line too long: file=" + file + ", line=1");
    TextFormat format = TextFormat.plain(file, Delimiter.COMMA, 2);
    Expect.badInput(
        () -> {
          try (LineBlocks blocks = LineBlocks.open(List.of(format))) {
            blocks.next(new LineBlocks.Block(100));
          }
        },
        "line too long: file=" + file + ", line=1");
  }

  @Test
  void aLineHasNotMillionsOfColumns() throws IOException {
    Path file = line("a.csv.gz", ',', FieldSplitter.MAX_COLUMNS);
    Expect.badInput(
        () -> TextFormat.detect(file, Optional.of(Delimiter.COMMA), HeaderMode.NO, List.of()),
        "too many columns: file=" + file + ", line=1, max=" + FieldSplitter.MAX_COLUMNS);
    Expect.badInput(
        () -> {
          try (CsvReader csv = CsvReader.open(file)) {
            csv.nextLine();
            csv.countColumns();
          }
        },
        "too many columns: file=" + file + ", line=1");
  }
}
