package io.millrace.datasets.npy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.datasets.Expect;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.platform.YamlFields;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that numpy wrote: every dtype, byte order and version. */
class NpyZooTest {
  private static final Path ZOO =
      Path.of(System.getProperty("millrace.test.data", "none"), "..", "formats", "npy-zoo");

  @BeforeEach
  void needsTheZoo() {
    Assumptions.assumeTrue(Files.isDirectory(ZOO), "no numpy fixtures at " + ZOO);
  }

  @Test
  void readsEveryFileToTheValuesThatNumpySays() throws IOException {
    Map<?, ?> expected = (Map<?, ?>) YamlFields.load(ZOO.resolve("expected.json")).node();
    int numFiles = 0;
    for (Map.Entry<?, ?> entry : expected.entrySet()) {
      Path file = ZOO.resolve(entry.getKey() + ".npy");
      if (Files.exists(file) && entry.getValue() instanceof Map<?, ?> want) {
        try (InputStream in = Files.newInputStream(file)) {
          NpyHeader header = NpyHeader.read(file, in);
          assertEquals(want.get("descr"), header.dtype(), file.toString());
          assertEquals(want.get("fortran"), header.fortranOrder(), file.toString());
        }
        try (NumpyReader reader = NumpyReader.open(file)) {
          List<Long> shape =
              ((List<?>) want.get("shape")).stream().map(n -> ((Number) n).longValue()).toList();
          assertEquals(shape, reader.shape(), file.toString());
          assertFirst((List<?>) want.get("first"), values(reader), reader, file);
        }
        numFiles++;
      }
    }
    assertEquals(expected.size(), numFiles);
  }

  private static double[] values(NumpyReader reader) {
    double[] values = new double[(int) reader.numElements()];
    Arrays.setAll(values, _ -> reader.next());
    return values;
  }

  /** The expected values are in C order, those of the file in its own. */
  private static void assertFirst(List<?> first, double[] values, NumpyReader reader, Path file) {
    for (int i = 0; i < first.size(); i++) {
      int at = i;
      if (reader.isTransposed()) {
        int rows = reader.shape().get(0).intValue();
        int columns = reader.shape().get(1).intValue();
        at = i % columns * rows + i / columns;
      }
      double want =
          switch (first.get(i).toString()) {
            case "True" -> 1;
            case "False" -> 0;
            case "nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            case String text -> Double.parseDouble(text);
          };
      assertEquals(want, values[at], file + " at " + i);
    }
  }

  @Test
  void readsIntegersExactlyAndRefusesThoseAboveInt64() {
    long[] values = new long[2];
    try (NumpyReader reader = NumpyReader.open(ZOO.resolve("i8_big.npy"))) {
      reader.next(values, 2);
    }
    assertArrayEquals(new long[] {Long.MIN_VALUE, Long.MAX_VALUE}, values);
    try (NumpyReader reader = NumpyReader.open(ZOO.resolve("u8_big.npy"))) {
      Expect.badInput(
          () -> reader.next(values, 2),
          "value does not fit int64: file=",
          "u8_big.npy, element=0, value=18446744073709551615");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"stored", "deflated", "streamed"})
  void readsTheMembersOfEveryKindOfArchive(String name) {
    try (NpzFile npz = NpzFile.open(ZOO.resolve(name + ".npz"))) {
      assertEquals(List.of("a", "b"), npz.members());
      try (NumpyReader a = npz.read("a");
          NumpyReader b = npz.read("b")) {
        long[] values = new long[3];
        a.next(values, 3);
        assertArrayEquals(new long[] {0, 1, 2}, values);
        assertEquals(List.of(2L, 4L), b.shape());
        assertArrayEquals(new double[] {0, 1, -1, 2.5, 3, -4.25, 1000, 65504}, values(b));
      }
    }
  }

  @Test
  void mapsWhatItCanUse() {
    try (Arena arena = Arena.ofConfined()) {
      NpyArray array = NpyArray.map(ZOO.resolve("f_le_f4.npy"), NpyType.FLOAT32, 2, arena);
      FeatureMatrix features = FeatureMatrix.of(2, 4, FeatureType.FLOAT32, array.data());
      assertEquals(2.5f, features.get(0, 3));
      assertEquals(-4.25f, features.get(1, 1));
      NpyArray half = NpyArray.map(ZOO.resolve("f_le_f2.npy"), NpyType.FLOAT16, 2, arena);
      assertEquals(-4.25f, FeatureMatrix.of(2, 4, FeatureType.FLOAT16, half.data()).get(1, 1));
    }
  }

  @Test
  void saysWhyItCannotUseTheOthers() {
    rejects("f_be_f4", NpyType.FLOAT32, 2, "big-endian");
    rejects("fortran_f4", NpyType.FLOAT32, 2, "Fortran order");
    rejects("f_le_f8", NpyType.FLOAT32, 2, "wrong dtype");
    rejects("u8_big", NpyType.INT64, 1, "wrong dtype");
    rejects("three_d", NpyType.FLOAT32, 2, "wrong");
    rejects("scalar_f8", NpyType.FLOAT32, 1, "wrong dtype");
  }

  private static void rejects(String name, NpyType type, int rank, String rule) {
    try (Arena arena = Arena.ofConfined()) {
      Expect.badInput(() -> NpyArray.map(ZOO.resolve(name + ".npy"), type, rank, arena), rule);
    }
  }
}
