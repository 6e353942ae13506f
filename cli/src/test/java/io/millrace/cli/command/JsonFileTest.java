package io.millrace.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonFileTest {
  @TempDir Path folder;

  @Test
  void replacesTheFileAndLeavesNothingBesideIt() throws IOException {
    Path file = Files.writeString(folder.resolve("a.json"), "old");
    new JsonFile(file).write("new");
    assertEquals("new", Files.readString(file));
    assertEquals(List.of(file), content());
  }

  @Test
  void aFileThatIsThereKeepsItsPermissions() throws IOException {
    assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
    Path file = Files.writeString(folder.resolve("a.json"), "{}");
    Set<PosixFilePermission> permissions = PosixFilePermissions.fromString("rw-rw----");
    Files.setPosixFilePermissions(file, permissions);
    new JsonFile(file).write("new");
    assertEquals("new", Files.readString(file));
    assertEquals(permissions, Files.getPosixFilePermissions(file));
  }

  @Test
  void refusesALinkToAFileOfAnotherKind() throws IOException {
    Path file = Files.writeString(folder.resolve("keys"), "ssh-rsa AAAA");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    assertThrows(BadInputException.class, () -> new JsonFile(link));
    assertEquals("ssh-rsa AAAA", Files.readString(file));
  }

  @Test
  void aLinkStaysAndItsFileIsReplaced() throws IOException {
    Path file = Files.writeString(folder.resolve("a.json"), "{}");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    new JsonFile(link).write("new");
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("new", Files.readString(file));
    assertFalse(Files.isSymbolicLink(file));
  }

  @Test
  void refusesALinkThatLeadsNowhere() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nowhere"));
    assertThrows(BadInputException.class, () -> new JsonFile(link));
    assertTrue(Files.isSymbolicLink(link));
  }

  @Test
  void writesStraightIntoAPipe() throws Exception {
    Path pipe = folder.resolve("pipe");
    assumeTrue(hasMkfifo() && new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
    CompletableFuture<String> reader =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Files.readString(pipe);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    new JsonFile(pipe).write("text");
    assertEquals("text", reader.join());
    assertFalse(Files.isRegularFile(pipe));
  }

  @Test
  void saysWithoutAClassNameThatADeviceIsFull() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full));
    JsonFile file = new JsonFile(full);
    String message = assertThrows(BadInputException.class, () -> file.write("{}")).getMessage();
    assertTrue(message.startsWith("cannot write JSON: file=/dev/full, cause="), message);
    assertFalse(message.contains("Exception"), message);
    assertFalse(Files.isRegularFile(full));
  }

  @Test
  void aFailedRenameLeavesNothingBehind() throws IOException {
    Path target = folder.resolve("a.json");
    JsonFile file = new JsonFile(target);
    Files.createDirectories(target.resolve("in the way"));
    assertThrows(BadInputException.class, () -> file.write("{}"));
    assertEquals(List.of(target), content());
  }

  private List<Path> content() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static boolean hasMkfifo() {
    return Files.isExecutable(Path.of("/usr/bin/mkfifo"));
  }
}
