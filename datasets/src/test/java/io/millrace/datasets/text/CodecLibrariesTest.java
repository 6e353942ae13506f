package io.millrace.datasets.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class CodecLibrariesTest {
  @TempDir private Path folder;

  /** Unpacks a text, and prints the libraries that are then mapped. */
  static final class Reader {
    private Reader() {}

    public static void main(String[] args) throws IOException {
      try (InputStream in = TextFile.open(Path.of(args[0]))) {
        System.out.println(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
      try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
        maps.filter(line -> line.contains("zstd")).forEach(System.out::println);
      }
    }
  }

  /** The temporary folder does not exist: what is unpacked to it fails. */
  @Test
  void readsZstdWithoutATemporaryFolder() throws Exception {
    byte[] text = "0 1".getBytes(StandardCharsets.UTF_8);
    Path file = Files.write(folder.resolve("edges.txt.zst"), Zstd.compress(text));
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:-UsePerfData",
                "-Djava.io.tmpdir=" + folder.resolve("none"),
                "-cp",
                System.getProperty("java.class.path"),
                Reader.class.getName(),
                file.toString()));
    Path cache = folder.resolve("cache");
    builder.environment().put("XDG_CACHE_HOME", cache.toString());
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertEquals(0, process.waitFor(), output);
    assertTrue(output.contains("0 1\n"), output);
    assertTrue(output.contains(cache.resolve("millrace/libraries").toString()), output);
    assertFalse(Files.exists(folder.resolve("none")));
  }
}
