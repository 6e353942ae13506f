package io.millrace.datasets.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.Expect;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

public class CsvReaderTest {
  @TempDir Path folder;

  public static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private CsvReader csv(String text) throws IOException {
    return CsvReader.open(Files.writeString(folder.resolve("a.csv"), text));
  }

  @Test
  void readsIntegersWithBlanksAndAnyLineEnd() throws IOException {
    try (CsvReader csv = csv("1,-22\r\n 333 ,\t4\n999999999999999999,0")) {
      long[] values = {1, -22, 333, 4, 999999999999999999L, 0};
      for (int i = 0; i < values.length; i += 2) {
        assertTrue(csv.nextLine());
        assertEquals(values[i], csv.nextLong());
        assertEquals(values[i + 1], csv.nextLong());
        csv.endLine();
      }
      assertFalse(csv.nextLine());
      assertEquals(3, csv.line());
    }
  }

  @Test
  void readsFloatsAsJavaDoes() throws IOException {
    String[] values = {"0.25", "-1e-3", "1", "1e39", "NaN", " 3.4028235e38 ", "16777217", "1e-46"};
    try (CsvReader csv = csv(String.join(",", values) + "\n")) {
      assertTrue(csv.nextLine());
      assertEquals(values.length, csv.countColumns());
      for (String value : values) {
        assertEquals(Float.parseFloat(value), (float) csv.nextDouble());
      }
      csv.endLine();
    }
  }

  /**
   * Just above and below the middle between two of float32, where float64 holds only the middle.
   */
  @Test
  void roundsTextToFloat32Once() throws IOException {
    String middle = new BigDecimal(1 + Math.scalb(1.0, -24)).toPlainString();
    String above = middle + "000000000000000000001";
    String below = middle.substring(0, middle.length() - 1) + "4999999999999999999";
    try (CsvReader csv = csv(middle + "," + above + "," + below)) {
      assertTrue(csv.nextLine());
      assertEquals(1f, (float) csv.nextDouble());
      assertEquals(Math.nextUp(1f), (float) csv.nextDouble());
      assertEquals(1f, (float) csv.nextDouble());
    }
  }

  @Test
  void readsNonFiniteValuesAsNumpyWritesThem() throws IOException {
    try (CsvReader csv = csv("nan,inf,-inf, NAN ,7")) {
      assertTrue(csv.nextLine());
      assertEquals(Double.NaN, csv.nextDouble());
      assertEquals(Double.POSITIVE_INFINITY, csv.nextDouble());
      assertEquals(Double.NEGATIVE_INFINITY, csv.nextDouble());
      assertEquals(Double.NaN, csv.nextDouble());
      assertEquals(7, csv.nextDouble());
    }
  }

  /** Lines of every length around the buffer's, so that each kind of refill happens. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readsLinesLongerThanItsBuffer(boolean packed) throws IOException {
    Random random = new Random(3);
    StringBuilder text = new StringBuilder();
    int[] columns = {1, 100_000, 3, 250_000, 1, 40_000};
    for (int n : columns) {
      for (int i = 0; i < n; i++) {
        text.append(i == 0 ? "" : ",").append(random.nextInt(1000));
      }
      text.append('\n');
    }
    Path file = folder.resolve(packed ? "a.csv.gz" : "a.csv");
    Files.write(file, packed ? gzip(text.toString()) : text.toString().getBytes());
    Random again = new Random(3);
    try (CsvReader csv = CsvReader.open(file)) {
      for (int n : columns) {
        assertTrue(csv.nextLine());
        assertEquals(n, csv.countColumns());
        for (int i = 0; i < n; i++) {
          assertEquals(again.nextInt(1000), csv.nextLong());
        }
        csv.endLine();
      }
      assertFalse(csv.nextLine());
    }
  }

  @Test
  void knowsEmptyLines() throws IOException {
    try (CsvReader csv = csv("\n  \n7\n")) {
      assertTrue(csv.nextLine());
      assertTrue(csv.atLineEnd());
      assertTrue(csv.nextLine());
      assertTrue(csv.atLineEnd());
      assertTrue(csv.nextLine());
      assertFalse(csv.atLineEnd());
      assertFalse(csv.nextLine());
    }
    try (CsvReader csv = csv("")) {
      assertFalse(csv.nextLine());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "", "1.5", "-", "1 2", "1000000000000000000", "0x1"})
  void rejectsWhatIsNoInteger(String value) throws IOException {
    try (CsvReader csv = csv("1\n" + value + ",2\n")) {
      csv.nextLine();
      csv.nextLine();
      Expect.badInput(
          csv::nextLong, "not an integer: file=", "a.csv, line=2, column=1, value=" + value);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "", "1..5", "--1", "3D", "1e2f"})
  void rejectsWhatIsNoNumber(String value) throws IOException {
    try (CsvReader csv = csv("0," + value + ",2\n")) {
      csv.nextLine();
      csv.nextDouble();
      Expect.badInput(
          csv::nextDouble, "not a number: file=", "a.csv, line=1, column=2, value=" + value);
    }
  }

  @Test
  void rejectsTooManyAndTooFewColumns() throws IOException {
    try (CsvReader csv = csv("1,2,3,4\n5\n")) {
      csv.nextLine();
      csv.nextLong();
      csv.nextLong();
      Expect.badInput(csv::endLine, "wrong number of columns", "line=1, columns=4, need=2");
      csv.nextLine();
      csv.nextLong();
      Expect.badInput(csv::nextLong, "too few columns", "line=2, columns=1");
    }
  }

  @Test
  void reportsEveryTruncationOfAGzipFile() throws IOException {
    byte[] whole = gzip("1\n2\n3\n4\n5\n6\n7\n");
    for (int length = 0; length < whole.length; length++) {
      Path file = Files.write(folder.resolve("a.csv.gz"), Arrays.copyOf(whole, length));
      Expect.badInput(() -> readAll(file), "gzip file is truncated: file=", "a.csv.gz");
    }
  }

  @Test
  void reportsADamagedGzipFile() throws IOException {
    byte[] bytes = gzip("1\n2\n3\n4\n5\n6\n7\n");
    bytes[bytes.length - 6] ^= 1;
    Path file = Files.write(folder.resolve("a.csv.gz"), bytes);
    Expect.badInput(() -> readAll(file), "gzip file is damaged: file=", "cause=Corrupt GZIP");
    Path text = Files.writeString(folder.resolve("b.csv.gz"), "1,2\n3,4\n5,6\n");
    Expect.badInput(() -> readAll(text), "not a gzip file: file=");
  }

  @Test
  void reportsAMissingFile() {
    Expect.badInput(() -> readAll(folder.resolve("none.csv")), "missing file: file=");
  }

  private static void readAll(Path file) {
    try (CsvReader csv = CsvReader.open(file)) {
      while (csv.nextLine()) {
        csv.nextLong();
        csv.endLine();
      }
    }
  }
}
