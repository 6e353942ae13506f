package io.millrace.datasets.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.Expect;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no text is refused by its first bytes, whatever its name is. */
class FileKindTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "edges.zip, 504b03040a0000000000, unzip",
    "edges.csv, 504b03040a0000000000, zip archive",
    "edges.csv.xz, fd377a585a000004, unxz",
    "edges.7z, 377abcaf271c0004, 7z x",
    "edges.bz2, 425a6839314159265359, bunzip2",
    "edges.csv, 1f8b0800000000000003, must end in .gz",
    "edges.csv, 28b52ffd0458, must end in .zst",
    "edges.gz, 28b52ffd0458, must end in .zst",
    "edges.pq, 50415231150415, must end in .parquet",
    "edges.bin, 934e554d505901007600, must end in .npy",
    "edges.csv, 894844460d0a1a0a00, HDF5"
  })
  void refusesOtherPackingByName(String name, String bytes, String part) throws IOException {
    Path file = Files.write(folder.resolve(name), HexFormat.of().parseHex(bytes));
    Expect.badInput(() -> LineReader.open(file), part, "file=" + file);
  }

  @Test
  void refusesATarArchivePlainOrPacked() throws IOException {
    byte[] tar = new byte[1024];
    System.arraycopy("edges.csv".getBytes(StandardCharsets.US_ASCII), 0, tar, 0, 9);
    System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
    Path plain = Files.write(folder.resolve("edges.tar"), tar);
    Path packed = folder.resolve("edges.tar.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(tar);
    }
    Expect.badInput(() -> LineReader.open(plain), "tar archive", "tar xf");
    Expect.badInput(() -> LineReader.open(packed), "tar archive", "tar xf");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "BZh9,b\n", "PK,1\n", "7z\n", "PAR,1\n", "ustar ustar\n"})
  void readsTextThatBeginsInASimilarWay(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("edges.csv"), text);
    try (LineReader lines = LineReader.open(file)) {
      assertEquals(!text.isEmpty(), lines.next());
      int length = lines.end() - lines.start();
      assertTrue(
          text.isEmpty() || new String(lines.buffer(), lines.start(), length).equals(text.strip()));
    }
  }
}
