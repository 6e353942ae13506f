package io.millrace.cli.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.edgelist.EdgeListImporter;
import io.millrace.datasets.formats.edgelist.EdgeListOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of nodes are read as tables of edges are. */
class NodeFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3\n0\n",
        "\uFEFF3\n0\n",
        "\"3\"\n\"0\"\n",
        "3\r\n0\r\n",
        "# nodes\n3\n0",
        " 3 \n\n\t0\t\n\n",
        "\uFEFF\"3\"\r\n0"
      })
  void readsNumbersAsAnImportDoes(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("nodes.txt"), text);
    assertArrayEquals(new int[] {3, 0}, NodeFile.read(file, 8, Optional.empty()));
  }

  @Test
  void readsPackedFiles() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write("7\n5\n".getBytes(StandardCharsets.UTF_8));
    }
    Path file = Files.write(folder.resolve("nodes.txt.gz"), bytes.toByteArray());
    assertArrayEquals(new int[] {7, 5}, NodeFile.read(file, 8, Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Smith, J\nbob\n",
        "\uFEFFSmith, J\nbob\n",
        "\"Smith, J\"\n\"bob\"\n",
        "\uFEFF\"Smith, J\"\r\nbob",
        "\n Smith, J \r\n\tbob\n"
      })
  void readsNamesAsAnImportDoes(String text) throws IOException {
    Path edges = Files.writeString(folder.resolve("e.csv"), "bob,ann\nann,\"Smith, J\"\n");
    Path out = folder.resolve("out");
    EdgeListImporter.importFiles(
        List.of(edges), EdgeListOptions.defaults(), out, ImportOptions.defaults(), Progress.NONE);
    Path file = Files.writeString(folder.resolve("nodes.txt"), text);
    try (GraphDataset data = GraphDataset.open(out)) {
      assertArrayEquals(new int[] {2, 0}, NodeFile.read(file, 3, data.dictionary()));
      Path wrong = Files.writeString(folder.resolve("wrong.txt"), "bob\nBob\n");
      BadInputException e =
          assertThrows(BadInputException.class, () -> NodeFile.read(wrong, 3, data.dictionary()));
      assertTrue(
          e.getMessage().equals("no node has this id: file=" + wrong + ", line=2, found=Bob"),
          e.getMessage());
    }
  }
}
