package io.millrace.datasets.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.datasets.Expect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitedTextTest {
  @TempDir private Path folder;

  @Test
  void readsAFileUpToItsLimitOnly() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "four");
    assertEquals("four", LimitedText.read(file, 4, "too long"));
    Expect.badInput(
        () -> LimitedText.read(file, 3, "a list is too long"),
        "a list is too long: file=" + file + ", bytes=4, max=3");
    Expect.badInput(
        () -> LimitedText.read(folder, 3, "too long"), "need a regular file: file=" + folder);
  }
}
