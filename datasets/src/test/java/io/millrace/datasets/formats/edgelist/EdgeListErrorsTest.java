package io.millrace.datasets.formats.edgelist;

import io.millrace.datasets.formats.ids.NodeIdKind;
import io.millrace.datasets.text.CsvReaderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused in a list of edges, and where it stands. */
class EdgeListErrorsTest extends EdgeListFixture {
  @Test
  void rejectsAWeightOrTimeThatIsNone() throws IOException {
    EdgeListOptions weights = DEFAULTS.withWeightColumn("3");
    rejects(weights, file("a.txt", "0 1 2\n1 0 nan\n"), "weight is not finite", "line=2");
    rejects(weights, file("b.txt", "0 1 2\n1 0 1e39\n"), "weight is not finite", "value=1e39");
    rejects(weights, file("c.txt", "0 1 2\n1 0 x\n"), "not a number", "line=2, value=x");
    rejects(weights, file("d.txt", "0 1\n"), "no such column", "column=3");
    rejects(
        DEFAULTS.withTimeColumn("3"),
        file("e.txt", "0 1 2\n1 0 1.5\n"),
        "not an integer",
        "line=2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 1;1 x;2 3        |not an integer               |line=2, value=x",
        "0 1;;1 1.5         |not an integer               |line=3, value=1.5",
        "0 1;1              |too few columns              |line=2, columns=1, need=2",
        "0 1;1 2 3          |wrong number of columns      |line=2, columns=3, need=2",
        "0,1;1,             |not an integer               |line=2, value=",
        "0 1;1 99999999999999999999 |not an integer of 64 bits|line=2, value=9999",
        "0,1;\"1,2          |quotation mark is not closed |line=2, value=\"1,2",
        "0,1;\"1\"x,2       |text after a closing quotation mark|line=2, value=x",
        "# nothing;         |file has no lines of data    |a.txt",
      })
  void rejectsBadLines(String lines, String rule, String where) throws IOException {
    rejects(DEFAULTS, file("a.txt", lines.strip().replace(';', '\n')), rule, where.strip());
  }

  @Test
  void takesACarriageReturnInALineForText() throws IOException {
    rejects(DEFAULTS, file("a.csv", "0,1\n1,\r2\n3,4\n"), "not an integer", "line=2, value=\\x0d2");
  }

  @Test
  void rejectsNegativeDenseIdsMissingFilesAndDirectories() throws IOException {
    EdgeListOptions dense = DEFAULTS.withIds(NodeIdKind.DENSE);
    rejects(dense, file("a.txt", "0 1\n1 -2\n"), "edge id out of range", "line=2, id=-2");
    rejects(DEFAULTS, folder.resolve("none.txt"), "missing file: file=", "none.txt");
    rejects(DEFAULTS, Files.createDirectory(folder.resolve("d")), "need a file, not a directory");
  }

  @Test
  void rejectsTruncatedAndDamagedPackedFiles() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 5000; i++) {
      text.append(i).append(' ').append(i * 7919 % 5000).append('\n');
    }
    byte[] gz = CsvReaderTest.gzip(text.toString());
    byte[] zst = zstd(text.toString());
    for (int length : new int[] {0, 5, 100, gz.length / 2, gz.length - 1}) {
      Path file = Files.write(folder.resolve("a.gz"), Arrays.copyOf(gz, length));
      rejects(DEFAULTS, file, "gzip file is truncated: file=" + file);
    }
    for (int length : new int[] {100, zst.length / 2, zst.length - 1}) {
      Path file = Files.write(folder.resolve("a.zst"), Arrays.copyOf(zst, length));
      rejects(DEFAULTS, file, "zstd file is damaged or truncated: file=" + file);
    }
    gz[gz.length / 2] ^= 1;
    rejects(DEFAULTS, Files.write(folder.resolve("b.gz"), gz), "gzip file is damaged", "line=");
  }
}
