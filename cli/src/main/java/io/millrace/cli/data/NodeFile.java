package io.millrace.cli.data;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.NodeDictionary;
import io.millrace.datasets.formats.edgelist.TableReader;
import io.millrace.datasets.npy.NpyArray;
import io.millrace.datasets.npy.NpyType;
import io.millrace.datasets.platform.IoErrors;
import io.millrace.datasets.text.Delimiter;
import io.millrace.datasets.text.HeaderMode;
import io.millrace.datasets.text.TextFormat;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Reads node ids: an npy file of int32 or int64 {@code [n]}, or text with an id a line (plain,
 * quoted or packed, as an import reads it), which is the one that the dataset's source has for the
 * node where there is a dictionary.
 */
@Internal
public final class NodeFile {
  private NodeFile() {}

  /**
   * @param numNodes of the dataset
   * @throws BadInputException if it cannot be read, or holds something else
   */
  public static int[] read(Path file, int numNodes, Optional<NodeDictionary> dictionary) {
    IoErrors.requireRegular(file);
    long[] nodes = file.toString().endsWith(".npy") ? readNpy(file) : readText(file, dictionary);
    int[] checked = new int[nodes.length];
    for (int i = 0; i < nodes.length; i++) {
      if (nodes[i] < 0 || nodes[i] >= numNodes) {
        throw BadInputException.of(
            "node id out of range",
            "file",
            file,
            "id",
            nodes[i],
            "position",
            i,
            "numNodes",
            numNodes);
      }
      checked[i] = (int) nodes[i];
    }
    return checked;
  }

  private static long[] readNpy(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      int[] nodes = NpyArray.map(file, NpyType.INT32, 1, arena).data().toArray(JAVA_INT);
      return Arrays.stream(nodes).asLongStream().toArray();
    } catch (BadInputException e) {
      if (!e.getMessage().contains("wrong dtype")) {
        throw e;
      }
    }
    try (Arena arena = Arena.ofConfined()) {
      return NpyArray.map(file, NpyType.INT64, 1, arena).data().toArray(JAVA_LONG);
    }
  }

  /** A line is one column, read as the tables of an import are: no id has the delimiter. */
  private static long[] readText(Path file, Optional<NodeDictionary> dictionary) {
    TextFormat format =
        TextFormat.detect(file, Optional.of(Delimiter.of("\0")), HeaderMode.NO, List.of());
    LongStream.Builder nodes = LongStream.builder();
    try (TableReader rows = TableReader.open(format)) {
      while (rows.next()) {
        String text = rows.text(0);
        nodes.add(dictionary.isPresent() ? named(rows, text, dictionary.get()) : id(rows, text));
      }
    }
    return nodes.build().toArray();
  }

  private static int named(TableReader rows, String name, NodeDictionary dictionary) {
    return dictionary
        .node(name)
        .orElseThrow(() -> rows.error("no node has this id", "found", name));
  }

  private static long id(TableReader rows, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw rows.error("not a node id", "found", text);
    }
  }
}
