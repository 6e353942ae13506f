package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.models.Mlp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reports of earlier epochs, which lie next to the checkpoint. */
class EpochHistoryTest {
  private static final int EPOCHS = 4;
  private static final String CHECKPOINT = "checkpoint.safetensors";
  private static final String HISTORY = "checkpoint-epochs.jsonl";

  @TempDir private Path folder;
  private final OpenResources open = new OpenResources();
  private final GraphDataset data = Planted.dataset();

  @AfterEach
  void nothingStaysOpen() {
    data.close();
    open.close();
  }

  private TrainerBuilder builder() {
    return GraphTrainer.builder(data).model(Mlp.of(4, 2)).batchSize(100).computeThreads(1);
  }

  private TrainerBuilder builder(Path directory) {
    return builder().saveTo(directory).checkpointEvery(2);
  }

  private static List<Object> fit(TrainerBuilder builder, int epochs, TrainingListener listener) {
    try (GraphTrainer trainer = builder.build()) {
      FitResult result = trainer.fit(epochs, listener);
      List<Object> figures = new ArrayList<>();
      result.epochs().forEach(it -> figures.addAll(List.of(it.epoch(), it.training())));
      figures.addAll(List.of(result.bestEpoch(), result.valid(), result.test()));
      figures.add(result.batchesDigest());
      return figures;
    }
  }

  private static List<Object> fit(TrainerBuilder builder, int epochs) {
    return fit(builder, epochs, TrainingListener.NONE);
  }

  private List<Object> resumed(Path directory) {
    return fit(builder(directory).resumeFrom(directory), EPOCHS);
  }

  private Path trained(String name, int epochs) {
    Path directory = folder.resolve(name);
    fit(builder(directory), epochs);
    return directory;
  }

  private Path mixed(String name, Path checkpoint, Path history) throws IOException {
    Path directory = Files.createDirectories(folder.resolve(name));
    Files.copy(checkpoint.resolve(CHECKPOINT), directory.resolve(CHECKPOINT));
    if (Files.exists(history.resolve(HISTORY))) {
      Files.copy(history.resolve(HISTORY), directory.resolve(HISTORY));
    }
    return directory;
  }

  @Test
  @Tag("exhaustive")
  void aCheckpointDoesNotGrowWithTheNumberOfEpochs() throws IOException {
    long few = Files.size(trained("few", 10).resolve(CHECKPOINT));
    long many = Files.size(trained("many", 40).resolve(CHECKPOINT));
    assertTrue(Math.abs(many - few) < 100, few + " bytes after 10 epochs, " + many + " after 40");
  }

  /** Copies the directory before every checkpoint, so that all states between writes are known. */
  private TrainingListener keeping(Path directory, List<Path> states) {
    return new TrainingListener() {
      private void keep() {
        Path state = folder.resolve("state-" + states.size());
        try {
          if (Files.exists(directory.resolve(CHECKPOINT))
              && (states.isEmpty() || !sameCheckpoint(directory, states.getLast()))) {
            states.add(mixed(state.getFileName().toString(), directory, directory));
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      public void batchDone(BatchProgress progress) {
        keep();
      }

      @Override
      public void epochDone(EpochReport report, Evaluation valid) {
        keep();
      }
    };
  }

  @Test
  @Tag("exhaustive")
  void resumesWhereverTheProcessEndedBetweenTheTwoFiles() throws IOException {
    Path directory = folder.resolve("whole");
    List<Path> states = new ArrayList<>();
    List<Object> expected = fit(builder(directory), EPOCHS, keeping(directory, states));
    assertTrue(states.size() > EPOCHS, states.size() + " states");
    for (int i = 1; i < states.size(); i++) {
      Path before = mixed("before-" + i, states.get(i), states.get(i - 1));
      Path within = mixed("within-" + i, states.get(i), states.get(i));
      Files.writeString(
          within.resolve(HISTORY), "{\"rep", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      assertEquals(expected, resumed(before), "before the epoch was appended, state " + i);
      assertEquals(expected, resumed(within), "while an epoch was appended, state " + i);
      assertEquals(EPOCHS, Files.readAllLines(within.resolve(HISTORY)).size());
    }
  }

  @Test
  void aTrainingThatIsSavedOverAnotherNeverNeedsTheFileOfThatOne() throws IOException {
    List<Object> expected = fit(builder(), EPOCHS);
    Path begun = trained("begun", 3);
    Path other = folder.resolve("other");
    fit(builder(other).seed(7), 5);
    Path killed = mixed("killed", other, other);
    List<Path> states = new ArrayList<>();
    fit(builder(other).resumeFrom(begun), EPOCHS, keeping(other, states));
    assertEquals(EPOCHS, Files.readAllLines(other.resolve(HISTORY)).size());
    assertEquals(expected, resumed(mixed("moved", other, other)));
    Path first =
        states.stream().filter(it -> !sameCheckpoint(it, killed)).findFirst().orElseThrow();
    Files.copy(
        first.resolve(CHECKPOINT), killed.resolve(CHECKPOINT), StandardCopyOption.REPLACE_EXISTING);
    assertEquals(expected, resumed(killed), "killed before the epochs were written");
  }

  private static boolean sameCheckpoint(Path one, Path other) {
    try {
      return Files.mismatch(one.resolve(CHECKPOINT), other.resolve(CHECKPOINT)) == -1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aFileThatVanishedIsWrittenAnew() throws IOException {
    Path directory = folder.resolve("vanishing");
    fit(
        builder(directory),
        EPOCHS,
        new TrainingListener() {
          @Override
          public void epochDone(EpochReport report, Evaluation valid) {
            try {
              if (report.epoch() == 2) {
                Files.delete(directory.resolve(HISTORY));
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        });
    assertEquals(EPOCHS, Files.readAllLines(directory.resolve(HISTORY)).size());
    assertEquals(fit(builder(), EPOCHS), resumed(directory));
  }

  @Test
  void aFileThatIsMissingCutShortOrDamagedIsRefusedInOneLine() throws IOException {
    Path directory = trained("damaged", 3);
    Path file = directory.resolve(HISTORY);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, 10));
    assertRefused(directory, "epochs of a checkpoint are missing or cut short: file=" + file);
    Files.delete(file);
    assertRefused(directory, "epochs of a checkpoint are missing or cut short: file=" + file);
    for (int at = 0; at < whole.length / 2; at += 31) {
      byte[] changed = whole.clone();
      changed[at] ^= 1;
      Files.write(file, changed);
      assertRefused(directory, "checksum differs");
    }
    Files.delete(file);
    Files.createDirectory(file);
    assertRefused(directory, "need a regular file: file=" + file);
  }

  private void assertRefused(Path directory, String expected) {
    BadInputException e =
        assertThrows(BadInputException.class, () -> builder().resumeFrom(directory).build());
    assertTrue(e.getMessage().startsWith(expected), e.getMessage());
    assertFalse(e.getMessage().contains("\n"), e.getMessage());
  }
}
