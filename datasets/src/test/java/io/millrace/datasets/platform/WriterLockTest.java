package io.millrace.datasets.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.Expect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WriterLockTest {
  private static final long PID = ProcessHandle.current().pid();
  @TempDir private Path folder;

  /** Holds what it was told to until its standard input ends. */
  static final class Other {
    public static void main(String[] args) throws IOException {
      Path path = Path.of(args[1]);
      try (AutoCloseable _ =
          args[0].equals("folder") ? WriterLock.of(path) : PartialDirectory.forTarget(path)) {
        System.out.println("holds");
        int _ = System.in.read();
      } catch (Exception e) {
        System.out.println(e.getMessage());
      }
    }
  }

  private static Process another(String kind, Path path) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Other.class.getName(),
            kind,
            path.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  @Test
  void namesTheProcessThatWritesAndFollowsAKilledOne() throws Exception {
    Path target = folder.resolve("model");
    Process other = another("folder", target);
    try {
      assertEquals("holds", other.inputReader().readLine());
      Expect.badInput(
          () -> WriterLock.of(target),
          "another process is writing there: out=" + target + ", process=" + other.pid());
    } finally {
      other.destroyForcibly().waitFor();
    }
    assertTrue(WriterLock.isLeftOver(target), "nothing but the small file");
    WriterLock.of(target).close();
    assertEquals(0, target.toFile().list().length);
  }

  @Test
  void isRefusedToAnotherProcess() throws Exception {
    Path target = folder.resolve("model");
    try (WriterLock _ = WriterLock.of(target)) {
      for (int i = 0; i < 2; i++) { // the refusal itself must not end the lock
        Expect.badInput(() -> WriterLock.of(target), "process=" + PID);
        Process other = another("folder", target);
        assertEquals(
            "another process is writing there: out=" + target + ", process=" + PID,
            other.inputReader().readLine());
        other.waitFor();
      }
    }
    assertFalse(Files.exists(target), "the folder that was made for it stays");
  }

  @Test
  void keepsAFolderThatHasFiles() throws IOException {
    Path target = folder.resolve("a/b");
    try (WriterLock _ = WriterLock.of(target)) {
      Files.createFile(target.resolve("model"));
    }
    assertEquals(1, target.toFile().list().length);
    assertFalse(WriterLock.isLeftOver(target));
  }

  @Test
  void ofAFileLiesNextToIt() throws IOException {
    Path target = folder.resolve("bundle.tar.gz");
    try (WriterLock _ = WriterLock.ofFile(target)) {
      Expect.badInput(() -> WriterLock.ofFile(target), "process=" + PID);
    }
    assertEquals(0, folder.toFile().list().length);
    WriterLock.ofFile(folder.resolve("missing/file")).close(); // the write reports it
  }

  @Test
  void aDirectoryUnderWayIsRefusedToAnotherProcess() throws Exception {
    Path target = folder.resolve("graph");
    try (PartialDirectory first = PartialDirectory.forTarget(target)) {
      assertTrue(PartialDirectory.isBeingWritten(target));
      String refusal = "another process is writing there: out=" + target + ", process=" + PID;
      Expect.badInput(() -> PartialDirectory.forTarget(target), refusal);
      Process other = another("directory", target);
      assertEquals(refusal, other.inputReader().readLine());
      other.waitFor();
      Files.createFile(first.resolve("array.npy"));
      first.commit();
    }
    assertFalse(PartialDirectory.isBeingWritten(target));
    assertEquals(1, folder.toFile().list().length);
    assertEquals(1, target.toFile().list().length, "the owner file stays");
  }
}
