package io.millrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of bad input ends the command with one line and exit code 2. */
class BadInputTest {
  @TempDir Path folder;
  private TinyOgb source;

  @BeforeEach
  void makeSource() throws IOException {
    source = TinyOgb.in(folder.resolve("source"));
  }

  @Test
  void rejectsAMissingFile() throws IOException {
    source.delete("raw/edge.csv.gz");
    importing().assertBadInput("edge.csv");
  }

  @Test
  void rejectsAnEdgeIdOutOfRangeWithItsLine() throws IOException {
    source.write("raw/edge.csv.gz", "0,1\n1,2\n2,6\n3,4\n4,5\n");
    importing().assertBadInput("out of range", "edge.csv.gz", "line=3", "id=6");
  }

  @Test
  void rejectsATruncatedGz() throws IOException {
    source.truncate("raw/node-feat.csv.gz");
    importing().assertBadInput("node-feat.csv.gz");
  }

  @Test
  void rejectsANanFeatureWithItsLine() throws IOException {
    source.write("raw/node-feat.csv.gz", "1,0\n0,1\n1,nan\n0,0\n2,2\n0.5,-1\n");
    importing().assertBadInput("node-feat.csv.gz", "line=3");
  }

  @Test
  void rejectsOverlappingSplits() throws IOException {
    source.write("split/random/valid.csv.gz", "2\n1\n");
    importing().assertBadInput("split", "1");
  }

  @Test
  void rejectsAnUnknownSplit() {
    CommandRun.of("import", "ogb", source.folder(), "--out", out(), "--split", "time", "--quiet")
        .assertBadInput("split", "time", "random");
  }

  @Test
  void leavesNothingBehindAFailedImport() throws IOException {
    source.write("raw/node-feat.csv.gz", "1,0\n0,1\n1,inf\n0,0\n2,2\n0.5,-1\n");
    importing().assertBadInput();
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(source.folder(), left.reduce((a, b) -> a).orElseThrow());
    }
  }

  @Test
  void rejectsAnOutThatExists() throws IOException {
    Files.createDirectory(out());
    importing().assertBadInput("exists", out().toString());
    CommandRun.of("generate", "rmat", "--nodes", 8, "--out", out(), "--quiet")
        .assertBadInput("exists", out().toString());
    CommandRun.of("train", dataset("good"), "--save", out(), "--quiet")
        .assertBadInput("exists", "--resume", out().toString());
    CommandRun.of("export", out(), "--out", out(), "--quiet")
        .assertBadInput("exists", out().toString());
  }

  @Test
  void rejectsASaveBelowAFileBeforeAnyEpoch() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    CommandRun run = CommandRun.of("train", dataset("good"), "--save", file.resolve("model"));
    assertEquals(2, run.exitCode(), run.toString());
    assertTrue(run.err().contains("millrace: model cannot be saved"), run.err());
    assertFalse(run.err().contains("epoch 1"), run.err());
  }

  @Test
  void rejectsADirectoryThatIsNoDataset() {
    CommandRun.of("train", folder, "--quiet").assertBadInput("not a dataset", folder.toString());
    CommandRun.of("inspect", folder, "--quiet").assertBadInput("not a dataset", folder.toString());
    CommandRun.of("inspect", folder.resolve("nowhere")).assertBadInput("nowhere");
  }

  @Test
  void rejectsAWrongNpyMagic() throws IOException {
    Path dataset = dataset("magic");
    byte[] bytes = Files.readAllBytes(dataset.resolve("features.npy"));
    bytes[1] = 'X';
    Files.write(dataset.resolve("features.npy"), bytes);
    assertRejected(dataset, "features.npy");
  }

  @Test
  void rejectsFortranOrder() throws IOException {
    Path dataset = dataset("fortran");
    replaceInHeader(dataset.resolve("features.npy"), "False", "True ");
    assertRejected(dataset, "features.npy", "Fortran");
  }

  @Test
  void rejectsObjects() throws IOException {
    Path dataset = dataset("objects");
    replaceInHeader(dataset.resolve("features.npy"), "'<f4'", "'|O' ");
    assertRejected(dataset, "features.npy", "|O");
  }

  @Test
  void rejectsATruncatedNpy() throws IOException {
    Path dataset = dataset("truncated");
    byte[] bytes = Files.readAllBytes(dataset.resolve("indices.npy"));
    Files.write(dataset.resolve("indices.npy"), java.util.Arrays.copyOf(bytes, bytes.length - 4));
    assertRejected(dataset, "indices.npy");
  }

  @Test
  void rejectsFanoutShorterThanModel() {
    CommandRun.of("train", dataset("good"), "--layers", 2, "--fanout", "10", "--quiet")
        .assertBadInput("fanout must have one entry per layer: fanout=10, layers=2");
  }

  @Test
  void rejectsADatasetWithoutFeatures() {
    CommandRun.ok("generate", "rmat", "--nodes", 8, "--out", out(), "--quiet");
    CommandRun.of("train", out(), "--quiet").assertBadInput("no features");
  }

  @Test
  void rejectsJsonThatCannotBeWrittenBeforeAnyWork() {
    Path json = folder.resolve("nowhere/result.json");
    CommandRun.of("generate", "rmat", "--nodes", 8, "--out", out(), "--json", json)
        .assertBadInput("--json", json.toString());
    assertFalse(Files.exists(out()));
  }

  @Test
  void rejectsAGpuThatCannotBeUsed() {
    CommandRun.of("train", "--device", "gpu").assertBadInput("GPU", "cause=");
  }

  @Test
  void rejectsValuesThatAreNeverRight() {
    Path good = dataset("good");
    CommandRun.of("train", good, "--epochs", 0, "--quiet").assertBadInput("epochs=0");
    CommandRun.of("train", good, "--runs", 0, "--quiet").assertBadInput("runs=0");
    CommandRun.of("train", good, "--batch-size", -1, "--quiet").assertBadInput("batchSize=-1");
    CommandRun.of("train", good, "--virtual-nodes", 0, "--quiet").assertBadInput("virtualNodes=0");
    CommandRun.of("train", good, "--workers", 0, "--quiet").assertBadInput("workers=0");
    CommandRun.of("train", good, "--lr", "NaN", "--quiet").assertBadInput("NaN");
    CommandRun.of("train", good, "--dropout", 1, "--quiet").assertBadInput("dropout=1.0");
    CommandRun.of("train", good, "--hidden", 0, "--quiet").assertBadInput("hidden=0");
    CommandRun.of("train", good, "--layers", 0, "--quiet").assertBadInput("layers=0");
    CommandRun.of("generate", "rmat", "--nodes", 0, "--out", out()).assertBadInput("nodes=0");
  }

  private static void assertRejected(Path dataset, String... words) {
    CommandRun.of("train", dataset, "--quiet").assertBadInput(words);
    CommandRun.of("inspect", dataset, "--quiet").assertBadInput(words);
  }

  private CommandRun importing() {
    CommandRun run = CommandRun.of("import", "ogb", source.folder(), "--out", out(), "--quiet");
    if (!run.err().contains("exists")) {
      assertFalse(Files.exists(out()), "a failed import must leave nothing");
    }
    return run;
  }

  private Path out() {
    return folder.resolve("out");
  }

  private Path dataset(String name) {
    Path dataset = folder.resolve(name);
    CommandRun.ok("import", "ogb", source.folder(), "--out", dataset);
    return dataset;
  }

  private static void replaceInHeader(Path npy, String from, String to) throws IOException {
    String bytes = Files.readString(npy, StandardCharsets.ISO_8859_1);
    assertTrue(bytes.contains(from));
    Files.writeString(npy, bytes.replaceFirst(from, to), StandardCharsets.ISO_8859_1);
  }
}
