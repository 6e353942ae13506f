package io.millrace.datasets.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end of the JVM in the middle: its thread deletes while another one writes and commits. */
class PartialDirectoryTest {
  private static final int NUM_FILES = 300;
  private static final long NO_PROCESS = 999_999_999;

  @TempDir Path folder;

  private void commitWhileTheProcessEnds(Path target) throws Exception {
    try (PartialDirectory directory = PartialDirectory.forTarget(target)) {
      for (int i = 0; i < NUM_FILES; i++) {
        Files.createFile(directory.resolve("part" + i % 20 + "/" + i));
      }
      Thread end = Thread.ofPlatform().start(directory::deletePartial);
      try {
        directory.commit();
      } catch (IOException e) {
        assertEquals("the process is about to end", e.getMessage());
        assertFalse(Files.exists(target), "committed, but it said that it was not");
      } finally {
        end.join();
      }
    }
  }

  @Test
  void leavesAllOrNothingAtTheTarget() throws Exception {
    for (int i = 0; i < 15; i++) {
      Path target = folder.resolve("a" + i);
      commitWhileTheProcessEnds(target);
      if (Files.exists(target)) {
        try (var files = Files.walk(target).filter(Files::isRegularFile)) {
          assertEquals(NUM_FILES, files.count(), "files in the target");
        }
      }
    }
    try (var names = Files.list(folder)) {
      assertTrue(names.noneMatch(path -> path.getFileName().toString().startsWith(".")));
    }
  }

  @Test
  void makesNothingAnewOnceItIsDeleted() throws IOException {
    try (PartialDirectory directory = PartialDirectory.forTarget(folder.resolve("a"))) {
      directory.deletePartial();
      assertThrows(IOException.class, () -> directory.resolve("folder/file"));
      assertThrows(IOException.class, directory::commit);
      assertEquals(0, folder.toFile().list().length);
    }
  }

  /** As after a kill in the last step of {@code commit}, and of one in the first of all. */
  @Test
  void whatKilledProcessesLeftAtBothEndsIsDeletedByTheNext() throws IOException {
    Path target = Files.createDirectory(folder.resolve("a"));
    Files.createFile(target.resolve(".owner"));
    Path other = Files.createDirectory(folder.resolve(".a.partial-" + NO_PROCESS));
    Files.createFile(other.resolve(".owner"));
    Files.createFile(other.resolve("array.npy"));
    Files.createDirectory(
        folder.resolve(".a.partial-" + (NO_PROCESS - 1))); // before its owner file

    assertThrows(BadInputException.class, () -> PartialDirectory.forTarget(target));
    assertEquals(List.of(target), list(folder));
    assertEquals(List.of(), list(target));

    Path empty = Files.createDirectory(folder.resolve(".b.partial-" + NO_PROCESS));
    Path ofTheLiving =
        Files.createDirectory(folder.resolve(".b.partial-" + ProcessHandle.current().pid()));
    PartialDirectory.forTarget(folder.resolve("b")).close();
    assertFalse(Files.exists(empty));
    assertTrue(Files.exists(ofTheLiving));
  }

  @Test
  void aUsersOwnFilesOfThatNameStay() throws IOException {
    Path target = Files.createDirectory(folder.resolve("a"));
    Files.writeString(target.resolve(".owner"), "Ada");
    Path other = Files.createDirectory(folder.resolve(".a.partial-" + NO_PROCESS));
    Files.createFile(other.resolve("notes"));

    assertThrows(BadInputException.class, () -> PartialDirectory.requireFree(target));
    assertEquals(List.of(target.resolve(".owner")), list(target));
    assertEquals(List.of(other.resolve("notes")), list(other));
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.toList();
    }
  }
}
