package io.millrace.datasets.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  /** Above all process ids. */
  private static final long NO_PROCESS = 999_999_999;

  private static final int NUM_THREADS = 4;
  private static final int NUM_WRITES = 100;

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void writeTheOldFile() throws IOException {
    file = folder.resolve("a.txt");
    Files.writeString(file, "old");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void replacesAFileAndLeavesNothingNextToIt() throws IOException {
    AtomicFile.write(file, "new", true);
    assertEquals("new", Files.readString(file));
    assertEquals(List.of("a.txt"), names());
  }

  @Test
  void theOldFileIsThereUntilTheContentIsComplete() throws IOException {
    AtomicFile.write(
        file,
        channel -> {
          try (OutputStream out = AtomicFile.stream(channel)) {
            out.write("new".getBytes(StandardCharsets.UTF_8));
          }
          assertEquals("old", Files.readString(file));
          assertTrue(names().getFirst().startsWith(".a.txt.partial-" + pid() + "-"));
        },
        false);
    assertEquals("new", Files.readString(file));
  }

  private static long pid() {
    return ProcessHandle.current().pid();
  }

  @Test
  void aFailureLeavesTheOldFileAndNothingNextToIt() throws IOException {
    AtomicFile.Content full =
        channel -> {
          AtomicFile.stream(channel).write(1);
          throw new IOException("No space left on device");
        };
    IOException e = assertThrows(IOException.class, () -> AtomicFile.write(file, full, true));
    assertEquals("No space left on device", e.getMessage());
    assertEquals("old", Files.readString(file));
    assertEquals(List.of("a.txt"), names());
  }

  @Test
  void deletesWhatKilledProcessesLeftAndNothingElse() throws IOException {
    String running = ".a.txt.partial-" + ProcessHandle.current().parent().orElseThrow().pid();
    String otherTarget = ".b.txt.partial-" + NO_PROCESS + "-0";
    String folderOfDataset = ".a.txt.partial-" + NO_PROCESS + "-1";
    Files.createFile(folder.resolve(".a.txt.partial-" + NO_PROCESS));
    Files.createFile(folder.resolve(".a.txt.partial-" + NO_PROCESS + "-0"));
    Files.createFile(folder.resolve(".a.txt.partial-" + pid() + "-123456789"));
    Files.createFile(folder.resolve(running));
    Files.createFile(folder.resolve(otherTarget));
    Files.createDirectory(folder.resolve(folderOfDataset));
    AtomicFile.write(file, "new", false);
    List<String> kept = Stream.of(running, folderOfDataset, otherTarget, "a.txt").sorted().toList();
    assertEquals(kept, names());
  }

  @Test
  void threadsThatWriteTheSameFileAtOnceLeaveItWhole() throws IOException {
    List<String> texts =
        IntStream.range(0, NUM_THREADS)
            .mapToObj(i -> "text %d ".formatted(i).repeat(1000))
            .toList();
    Parallel.run(
        NUM_THREADS * NUM_WRITES,
        i -> {
          try {
            AtomicFile.write(file, texts.get(i % NUM_THREADS), false);
            assertTrue(texts.contains(Files.readString(file)), "not whole");
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
    assertEquals(List.of("a.txt"), names());
  }
}
