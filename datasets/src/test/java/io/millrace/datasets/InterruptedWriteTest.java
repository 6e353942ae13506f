package io.millrace.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Progress;
import io.millrace.datasets.generator.GeneratorOptions;
import io.millrace.datasets.generator.GraphGenerator;
import io.millrace.datasets.npy.NpyType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens in the middle, the target is whole or not there. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterruptedWriteTest {
  @TempDir Path folder;

  /** Generates a dataset, but stops for ever once the graph is written. */
  static final class Stuck {
    public static void main(String[] args) {
      Progress progress =
          (stage, _, _) -> {
            if (stage.equals("draw features")) {
              System.out.println("written");
              sleepForEver();
            }
          };
      GeneratorOptions options =
          GeneratorOptions.of(1000, 5000).withFeatures(4, FeatureType.FLOAT32);
      GraphGenerator.CHUNG_LU.generate(options, Path.of(args[0]), progress);
    }

    private static void sleepForEver() {
      try {
        Thread.sleep(Long.MAX_VALUE);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private Process startStuck(Path out) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Stuck.class.getName(),
                out.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertEquals("written", process.inputReader().readLine());
    return process;
  }

  private List<String> names() throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.map(path -> path.getFileName().toString()).toList();
    }
  }

  @Test
  @Tag("exhaustive")
  void leavesNothingAtTheTargetWhenKilled() throws Exception {
    Path out = folder.resolve("graph");
    Process process = startStuck(out);
    process.destroyForcibly();
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    assertFalse(Files.exists(out));
    assertEquals(List.of(".graph.partial-" + process.pid()), names());
    TinyDataset.save(out);
    GraphDataset.open(out).close();
    assertEquals(List.of("graph"), names(), "what the killed process left was not swept");
  }

  @Test
  void leavesTheDirectoryOfALivingProcessAlone() throws Exception {
    Path out = folder.resolve("graph");
    Process process = startStuck(out);
    try {
      Expect.badInput(
          () -> TinyDataset.save(out),
          "another process is writing there: out=" + out + ", process=" + process.pid());
      assertEquals(1, names().size(), "the other process's directory was swept");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void removesTheFoldersItMadeWhenItFails() throws Exception {
    Path out = folder.resolve("new/folders/graph");
    assertThrows(
        IllegalStateException.class,
        () ->
            GraphGenerator.CHUNG_LU.generate(
                GeneratorOptions.of(100, 500),
                out,
                (_, _, _) -> {
                  throw new IllegalStateException("stop");
                }));
    assertEquals(List.of(), names());
  }

  @Test
  @Tag("exhaustive")
  void leavesNothingAtAllWhenTerminated() throws Exception {
    Process process = startStuck(folder.resolve("graph"));
    process.destroy();
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    assertEquals(List.of(), names());
  }

  @Test
  void leavesNothingAtAllAfterAnException() throws IOException {
    Path out = folder.resolve("graph");
    Expect.badInput(
        () -> {
          try (DatasetWriter writer = DatasetWriter.create(out)) {
            writer.write(
                "features.npy",
                NpyType.FLOAT32,
                new long[] {2},
                file -> {
                  file.write(MemorySegment.ofArray(new float[1]));
                  throw new IOException("No space left on device");
                });
          }
        },
        "cannot write: file=" + folder + "/.graph.partial-",
        "writing=features.npy, cause=No space left on device");
    assertEquals(List.of(), names());
  }

  @Test
  @Tag("exhaustive")
  void commitsNoDescriptionThatCannotBeRead() throws IOException {
    DatasetDescription description =
        new DatasetDescription(
            "graph",
            0,
            0,
            true,
            Optional.empty(),
            OptionalInt.of(1),
            List.of("x".repeat(1 << 19)),
            Optional.empty(),
            "test",
            Optional.empty(),
            Optional.empty(),
            Map.of());
    try (DatasetWriter writer = DatasetWriter.create(folder.resolve("graph"))) {
      Expect.badInput(
          () -> writer.commit(description),
          "description is too long: dataset=graph, bytes=52",
          "max=524288");
    }
    assertEquals(List.of(), names());
  }

  @Test
  void givesWayToAPartialDirectoryOfTheSameName() throws IOException {
    Path other = folder.resolve(".graph.partial-" + ProcessHandle.current().pid());
    Files.createDirectory(other);
    Files.writeString(other.resolve("mine"), "mine");
    TinyDataset.save(folder.resolve("graph"));
    assertEquals("mine", Files.readString(other.resolve("mine")));
    assertEquals(2, names().size());
  }

  @Test
  void doesNotReplaceATargetThatAppearedMeanwhile() throws IOException {
    Path out = folder.resolve("graph");
    try (DatasetWriter writer = DatasetWriter.create(out);
        GraphDataset dataset = TinyDataset.create()) {
      writer.write(DatasetArray.of(dataset));
      Files.createDirectory(out);
      Expect.badInput(() -> writer.commit(dataset.description()), "output exists already");
    }
    assertEquals(List.of("graph"), names());
    assertEquals(0, out.toFile().list().length);
  }
}
