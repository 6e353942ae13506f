package io.millrace.cli.infer;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.BadInputException;
import io.millrace.datasets.NodeDictionary;
import io.millrace.datasets.npy.NpyArray;
import io.millrace.datasets.npy.NpyType;
import io.millrace.datasets.platform.IoErrors;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads node ids: an npy file of int32 or int64 {@code [n]}, or text with an id a line, which is
 * the one that the dataset's source has for the node where there is a dictionary.
 */
final class NodeFile {
  private NodeFile() {}

  /**
   * @throws BadInputException if it cannot be read, or holds something else
   */
  static int[] read(Path file, Optional<NodeDictionary> dictionary) {
    IoErrors.requireRegular(file);
    return file.toString().endsWith(".npy") ? readNpy(file) : readText(file, dictionary);
  }

  private static int[] readNpy(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      return NpyArray.map(file, NpyType.INT32, 1, arena).data().toArray(JAVA_INT);
    } catch (BadInputException e) {
      if (!e.getMessage().contains("wrong dtype")) {
        throw e;
      }
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = NpyArray.map(file, NpyType.INT64, 1, arena).data();
      return Arrays.stream(data.toArray(JAVA_LONG)).mapToInt(id -> toInt(file, id)).toArray();
    }
  }

  private static int toInt(Path file, long id) {
    if (id < 0 || id > Integer.MAX_VALUE) {
      throw BadInputException.of("node id out of range", "file", file, "id", id);
    }
    return (int) id;
  }

  private static int[] readText(Path file, Optional<NodeDictionary> dictionary) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new BadInputException("cannot read: file=" + file + ", cause=" + e, e);
    }
    List<Integer> nodes = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty()) {
        nodes.add(
            dictionary.isPresent()
                ? named(file, i + 1, line, dictionary.get())
                : id(file, i + 1, line));
      }
    }
    return nodes.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int named(Path file, int line, String name, NodeDictionary dictionary) {
    return dictionary
        .node(name)
        .orElseThrow(
            () ->
                BadInputException.of(
                    "no node of this id", "file", file, "line", line, "found", name));
  }

  private static int id(Path file, int line, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new BadInputException(
          "not a node id: file=" + file + ", line=" + line + ", found=" + text, e);
    }
  }
}
