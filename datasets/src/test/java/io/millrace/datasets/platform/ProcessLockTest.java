package io.millrace.datasets.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProcessLockTest {
  @TempDir private Path folder;

  /** Says whether another process is given the lock. */
  static final class Other {
    public static void main(String[] args) {
      System.out.println(ProcessLock.tryTake(Path.of(args[0]), false).isPresent());
    }
  }

  private String givenToAnotherProcess(Path file) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Other.class.getName(),
            file.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start()
        .inputReader()
        .readLine();
  }

  @Test
  void isHeldByOneUntilItIsClosed() throws IOException {
    Path file = folder.resolve("lock");
    try (ProcessLock _ = ProcessLock.tryTake(file, false).orElseThrow()) {
      Path byAnotherName = folder.resolve("..").resolve(folder.getFileName()).resolve("lock");
      assertTrue(ProcessLock.tryTake(byAnotherName, false).isEmpty(), "given twice");
      assertEquals("false", givenToAnotherProcess(file), "the second try has ended the first");
    }
    assertEquals("true", givenToAnotherProcess(file));
  }

  @Test
  void closedTwiceItLeavesTheNextHolderAlone() {
    Path file = folder.resolve("lock");
    ProcessLock first = ProcessLock.tryTake(file, false).orElseThrow();
    first.close();
    try (ProcessLock _ = ProcessLock.tryTake(file, false).orElseThrow()) {
      first.close();
      assertTrue(ProcessLock.tryTake(file, false).isEmpty(), "given twice");
    }
  }

  @Test
  void isSharedWithinAProcessUntilTheLastHolderClosesIt(@TempDir Path folder) {
    Path file = folder.resolve("lock");
    ProcessLock first = ProcessLock.tryTake(file, true).orElseThrow();
    ProcessLock second = ProcessLock.tryTake(file, true).orElseThrow();
    assertTrue(ProcessLock.tryTake(file, false).isEmpty(), "given alone, though it is shared");
    first.close();
    first.close();
    assertTrue(ProcessLock.tryTake(file, false).isEmpty(), "given alone, though one still has it");
    second.close();
    try (ProcessLock _ = ProcessLock.tryTake(file, false).orElseThrow()) {
      assertTrue(ProcessLock.tryTake(file, true).isEmpty(), "shared, though one has it alone");
    }
  }
}
