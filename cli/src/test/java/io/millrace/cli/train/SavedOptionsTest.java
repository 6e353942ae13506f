package io.millrace.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedOptionsTest {
  private static final int MUTANTS = 3000;
  @TempDir Path folder;

  private SavedOptions read(String text) throws IOException {
    Files.writeString(folder.resolve("options.json"), text);
    return SavedOptions.in(folder);
  }

  @Test
  void takesNoPlaceToWriteToFromADirectoryOfOthers() throws IOException {
    SavedOptions read =
        read(
            "{\"--epochs\": \"3\", \"--json\": \"/etc/x\", \"--save\": \"y\", \"--resume\":"
                + " \"z\"}");
    assertEquals(Map.of("--epochs", "3"), read.values());
  }

  @Test
  @Tag("exhaustive")
  void damagedTextIsReadOrRefusedInOneLine() throws IOException {
    byte[] whole = "{\"--epochs\": \"3\", \"--lr\": \"0.01\", \"--model\": \"sage\"}".getBytes();
    int refused = 0;
    for (int seed = 0; seed < MUTANTS; seed++) {
      Random random = new Random(seed);
      byte[] bytes = Arrays.copyOf(whole, whole.length - random.nextInt(3) * random.nextInt(20));
      for (int i = random.nextInt(3); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      Files.write(folder.resolve("options.json"), bytes);
      try {
        SavedOptions.in(folder);
      } catch (BadInputException e) {
        refused++;
        assertEquals(1, e.getMessage().lines().count(), "seed=" + seed);
      }
    }
    System.out.println("options.json tried: " + MUTANTS + ", refused: " + refused);
    assertTrue(refused > MUTANTS / 4, "the damage is too little: refused=" + refused);
  }
}
