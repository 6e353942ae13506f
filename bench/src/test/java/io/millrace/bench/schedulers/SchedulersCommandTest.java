package io.millrace.bench.schedulers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.millrace.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchedulersCommandTest {
  @TempDir Path folder;

  /** Nine trials of nine epochs, whose order is always the same, unless trials end early. */
  private Path log(int lastEpochOfTrial8) throws IOException {
    StringBuilder lines = new StringBuilder("{\"event\":\"sweep\",\"settings\":{}}\n");
    for (int trial = 0; trial < 9; trial++) {
      int last = trial == 8 ? lastEpochOfTrial8 : 9;
      for (int epoch = 1; epoch <= last; epoch++) {
        double valid = (trial + 1) * 0.1 - 0.01 / epoch;
        lines.append(
            ("{\"event\":\"report\",\"trial\":%d,\"epoch\":%d,\"valid\":%s,\"score\":%s,"
                    + "\"seconds\":1.0,\"decision\":\"%s\"}\n")
                .formatted(trial, epoch, valid, valid, epoch == last ? "STOP" : "CONTINUE"));
      }
    }
    return Files.writeString(folder.resolve("trials.jsonl"), lines);
  }

  @Test
  void halvingFindsTheBestTrialOfCurvesThatDoNotCross() throws IOException {
    JsonObject json = CommandRun.ok("bench", "schedulers", log(9), "--json", "-").json();
    JsonObject log = json.getAsJsonArray("logs").get(0).getAsJsonObject();
    assertEquals(81, log.get("epochs").getAsInt());
    assertEquals(0.9 - 0.01 / 9, log.get("best_valid").getAsDouble(), 1e-12);
    JsonArray found = log.getAsJsonArray("schedulers");
    JsonObject halving = found.get(3).getAsJsonObject();
    assertEquals("halving", halving.get("scheduler").getAsString());
    assertEquals(21, halving.get("epochs").getAsDouble());
    assertEquals(0, halving.get("worst_gap_points").getAsDouble(), 1e-9);
    JsonObject asha = found.get(0).getAsJsonObject();
    assertEquals(0, asha.get("worst_gap_points").getAsDouble(), 1e-9); // the best always goes on
    JsonObject random = found.get(1).getAsJsonObject();
    assertEquals(true, random.get("worst_gap_points").getAsDouble() > 9);
  }

  @Test
  void refusesALogWhoseTrialsEndedEarly() throws IOException {
    CommandRun.of("bench", "schedulers", log(3)).assertEndsInBadInput("trial=8", "epochs=3");
    CommandRun.of("bench", "schedulers", folder.resolve("none")).assertEndsInBadInput("none");
  }
}
