package io.millrace.slicing.partition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.BadInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssignmentTest {
  @TempDir private Path folder;

  @Test
  void isReadAsMetisWritesIt() throws Exception {
    Path file = folder.resolve("graph.part.3");
    Files.writeString(file, "2\n0\n0\n1\n2\n");
    Assignment read = Assignment.read(file, 3, 5);
    assertEquals(2, read.of(0));
    assertEquals(1, read.of(3));
    assertArrayEquals(new int[] {2, 1, 2}, read.sizes());
    Path copy = folder.resolve("copy");
    read.write(copy);
    assertEquals(Files.readString(file), Files.readString(copy));
    assertEquals(read.fingerprint(), Assignment.read(copy, 3, 5).fingerprint());
    assertNotEquals(read.fingerprint(), Assignment.of(3, new int[] {2, 0, 1, 1, 2}).fingerprint());
  }

  private String refused(String text) throws Exception {
    Path file = folder.resolve("bad");
    Files.writeString(file, text);
    return assertThrows(BadInputException.class, () -> Assignment.read(file, 2, 2)).getMessage();
  }

  @Test
  void rejectsFilesThatAreNoneOfThisGraph() throws Exception {
    Path file = folder.resolve("bad");
    assertEquals(
        "a part must be below the number of parts: node=1, part=2, parts=2", refused("0\n2\n"));
    assertEquals(
        "an assignment has a line for each node: file=" + file + ", lines=1, nodes=2",
        refused("0\n"));
    assertEquals(
        "an assignment has a line for each node: file=" + file + ", nodes=2", refused("0\n1\n0\n"));
    assertEquals(
        "a line of an assignment is the number of a part: file=" + file + ", line=2, found=x",
        refused("0\nx\n"));
  }
}
