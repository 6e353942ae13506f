package io.millrace.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files that numpy wrote: every dtype, byte order and version. */
class NpyZooTest {
  private static final Path ZOO =
      Path.of(System.getProperty("millrace.test.data", "none"), "..", "formats", "npy-zoo");

  @BeforeEach
  void needsTheZoo() {
    Assumptions.assumeTrue(Files.isDirectory(ZOO), "no numpy fixtures at " + ZOO);
  }

  @Test
  void readsTheHeaderOfEveryFile() throws IOException {
    Map<?, ?> expected = (Map<?, ?>) YamlFields.load(ZOO.resolve("expected.json")).node();
    int numFiles = 0;
    for (Map.Entry<?, ?> entry : expected.entrySet()) {
      Path file = ZOO.resolve(entry.getKey() + ".npy");
      if (Files.exists(file) && entry.getValue() instanceof Map<?, ?> want) {
        try (FileChannel channel = FileChannel.open(file)) {
          NpyHeader header = NpyHeader.read(file, channel);
          assertEquals(want.get("descr"), header.dtype(), file.toString());
          assertEquals(want.get("fortran"), header.fortranOrder(), file.toString());
          List<Long> shape =
              ((List<?>) want.get("shape")).stream().map(n -> ((Number) n).longValue()).toList();
          assertEquals(shape, header.shape(), file.toString());
          numFiles++;
        }
      }
    }
    assertTrue(numFiles >= 20, "only " + numFiles + " files were read");
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
