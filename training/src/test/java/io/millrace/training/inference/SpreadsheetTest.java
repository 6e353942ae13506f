package io.millrace.training.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The csv for a spreadsheet: how names are written, and that the manifest says so. */
class SpreadsheetTest {
  private static final OutputOptions PLAIN = OutputOptions.PREDICTIONS.csv(true);

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "=1+1, '=1+1",
        "@SUM(A1), '@SUM(A1)",
        "-x, '-x",
        "+, '+",
        "-12.5, -12.5",
        "+3, +3",
        "a=b, a=b",
        "7, 7"
      })
  void namesThatWouldBeComputedGetAnApostrophe(String name, String written) {
    assertEquals(written, CsvOutput.uncomputed(name));
  }

  @Test
  void onlyACsvForASpreadsheetHasApostrophes() throws IOException {
    OutputOptions named = PLAIN.ids(node -> "=" + node).classes(number -> "@" + number);
    assertEquals("node,class,probability\n=7,@1,0.5\n", csv(named));
    assertEquals("node,class,probability\n'=7,'@1,0.5\n", csv(named.spreadsheet(true)));
  }

  private String csv(OutputOptions choice) throws IOException {
    float[] logits = {-1, 0, 0};
    try (CsvOutput csv = CsvOutput.ofClasses(folder, 1, choice)) {
      csv.add(new ResultChunk(new int[] {7}, 3, true, logits, 0, new float[0]));
      csv.finish();
      return Files.readString(csv.path());
    }
  }

  @Test
  void theManifestSaysWhetherTheCsvIsForASpreadsheet() throws IOException {
    String plain = "{\"settings\": {\"scores\": false, \"top_k\": 0, \"csv\": true}}";
    Files.writeString(folder.resolve("manifest.json"), plain);
    manifest(PLAIN).requireSame();
    refuses(PLAIN.spreadsheet(true), "setting=spreadsheet, found=null, now=true");

    String safe = plain.replace("true", "true, \"spreadsheet\": true");
    Files.writeString(folder.resolve("manifest.json"), safe);
    manifest(PLAIN.spreadsheet(true)).requireSame();
    refuses(PLAIN, "setting=spreadsheet, found=true, now=null");
  }

  private Manifest manifest(OutputOptions choice) {
    return new Manifest(folder, Map.of(), choice);
  }

  private void refuses(OutputOptions choice, String message) {
    Manifest manifest = manifest(choice);
    BadInputException refusal = assertThrows(BadInputException.class, () -> manifest.requireSame());
    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
  }
}
