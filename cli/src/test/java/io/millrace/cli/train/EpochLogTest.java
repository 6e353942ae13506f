package io.millrace.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.millrace.BadInputException;
import io.millrace.training.EpochReport;
import io.millrace.training.metrics.Evaluation;
import io.millrace.transfer.EpochStats;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochLogTest {
  @TempDir private Path folder;
  private Path directory;
  private EpochLog log;

  @BeforeEach
  void open() {
    directory = folder.resolve("new/folder");
    log = new EpochLog(directory);
  }

  private static Evaluation evaluation(double loss) {
    return new Evaluation(0.5, 0.5, 0.5, OptionalDouble.empty(), loss, 10, Optional.empty());
  }

  private void epoch(int number, double loss) {
    EpochStats stats = new EpochStats(1, 1, 1, 1, 1, 1, 1, 1, 0, 1_000_000_000, 0);
    log.epochDone(new EpochReport(number, evaluation(loss), 0.1, stats), evaluation(loss));
  }

  /** The number and the training loss of each epoch, as both files must have them. */
  private List<String> epochs() throws Exception {
    List<String> csv = Files.readAllLines(directory.resolve("epochs.csv"));
    assertTrue(csv.getFirst().startsWith("epoch,learning_rate,train_loss,"), csv.getFirst());
    List<String> fromCsv =
        csv.stream().skip(1).map(line -> line.split(",")).map(v -> v[0] + " " + v[2]).toList();
    List<String> fromJson =
        Files.readAllLines(directory.resolve("epochs.jsonl")).stream()
            .map(line -> JsonParser.parseString(line).getAsJsonObject())
            .map(line -> line.get("epoch").getAsInt() + " " + line.get("train_loss").getAsDouble())
            .toList();
    assertEquals(fromCsv, fromJson);
    return fromCsv;
  }

  @Test
  void everyEpochIsThereAsSoonAsItIsDone() throws Exception {
    for (int i = 0; i < 3; i++) {
      epoch(i, 0.5 + i);
      assertEquals(List.of("1 0.5", "2 1.5", "3 2.5").subList(0, i + 1), epochs());
    }
  }

  @Test
  void aTrainingThatBeginsAnewDropsTheEpochsOfTheOneBefore() throws Exception {
    epoch(0, 0.5);
    epoch(1, 0.25);
    epoch(0, 0.125);
    assertEquals(List.of("1 0.125"), epochs());
  }

  @Test
  void aTrainingThatGoesOnKeepsTheEpochsBefore() throws Exception {
    epoch(0, 0.5);
    epoch(1, 0.25);
    epoch(2, 0.125);
    log = new EpochLog(directory);
    epoch(1, 0.75);
    assertEquals(List.of("1 0.5", "2 0.75"), epochs());
  }

  @Test
  void aLineThatWasLeftIncompleteIsDropped() throws Exception {
    epoch(0, 0.5);
    for (String name : List.of("epochs.csv", "epochs.jsonl")) {
      Files.writeString(directory.resolve(name), "{\"epoch\":2,", StandardOpenOption.APPEND);
    }
    epoch(1, 0.25);
    assertEquals(List.of("1 0.5", "2 0.25"), epochs());
  }

  @Test
  void aTableOfAnOlderVersionKeepsItsColumns() throws Exception {
    epoch(0, 0.5);
    Path csv = directory.resolve("epochs.csv");
    Files.writeString(csv, "epoch,learning_rate,train_loss\n1,0.1,0.5\n");
    epoch(1, 0.25);
    assertEquals(
        List.of("epoch,learning_rate,train_loss", "1,0.1,0.5", "2,0.1,0.25"),
        Files.readAllLines(csv));
  }

  @Test
  void aFileThatCannotBeWrittenIsNamed() throws Exception {
    Files.createDirectories(directory.resolve("epochs.csv"));
    BadInputException e = assertThrows(BadInputException.class, () -> epoch(0, 1));
    assertTrue(e.getMessage().startsWith("epochs cannot be logged: file="), e.getMessage());
  }
}
