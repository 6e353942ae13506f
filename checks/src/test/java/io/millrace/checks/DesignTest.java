package io.millrace.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** DESIGN's table of packages has every package that is on a floor. */
class DesignTest {
  private static final Path ROOT =
      Path.of(System.getProperty("maven.multiModuleProjectDirectory", ".."));

  @Test
  void listsEveryPackage() throws IOException {
    String design = Files.readString(ROOT.resolve("DESIGN.md"));
    List<String> missing = new ArrayList<>();
    for (Layer layer : Layer.ALL) {
      for (String name : layer.packages()) {
        String last = name.substring(name.lastIndexOf('.') + 1);
        boolean listed = design.contains("`" + last + "`") || design.contains("." + last + "`");
        if (!listed && !name.equals("io.millrace") && !last.equals("jmh_generated")) {
          missing.add(name);
        }
      }
    }
    assertEquals(List.of(), missing);
  }
}
