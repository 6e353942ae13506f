package io.millrace.spark.tables;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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

class PiecesTest {
  @TempDir private Path folder;

  @Test
  void twoCopiesOfATaskLeaveOnePart() throws IOException {
    Pieces pieces = Pieces.nextTo(folder.resolve("graph"));
    try (Pieces.Writer first = pieces.write("sources", 3);
        Pieces.Writer second = pieces.write("sources", 3);
        Pieces.Writer killed = pieces.write("sources", 3)) {
      first.putInt(7);
      second.putInt(7);
      killed.putInt(7);
      second.commit();
      first.commit();
    }
    Path part = pieces.part("sources", 3);
    assertArrayEquals(new byte[] {7, 0, 0, 0}, Files.readAllBytes(part));
    try (Stream<Path> files = Files.list(part.getParent())) {
      assertEquals(List.of(part), files.toList());
    }
    pieces.delete();
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void aFolderThatOneMachineDoesNotSeeIsNamed() {
    Pieces pieces = Pieces.nextTo(folder.resolve("graph"));
    assertSharedFolderIsAskedFor(() -> pieces.bytes("sources", 1)); // as the driver finds it
    pieces.delete();
    assertSharedFolderIsAskedFor(() -> pieces.write("sources", 0)); // as an executor does
  }

  private static void assertSharedFolderIsAskedFor(Runnable access) {
    String message = assertThrows(BadInputException.class, access::run).getMessage();
    assertTrue(
        message.startsWith("driver and executors need a folder that all of them see: "), message);
  }
}
