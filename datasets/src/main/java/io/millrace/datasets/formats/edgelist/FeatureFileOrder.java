package io.millrace.datasets.formats.edgelist;

import io.millrace.BadInputException;
import io.millrace.datasets.formats.ids.NodeIds;
import io.millrace.datasets.text.FieldParser;
import io.millrace.datasets.text.MalformedFieldException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;

/** Which row of a feature file belongs to which node. Stateless. */
final class FeatureFileOrder {
  private FeatureFileOrder() {}

  /** The order of nodes that are numbered as their ids come is one that no file can have. */
  static void requireTable(Path file) {
    throw BadInputException.of(
        "feature file needs a node table that gives the order of its rows (--nodes, --id-column)",
        "file",
        file,
        "order of nodes",
        "first appearance in the edges");
  }

  /**
   * The row of each node if the ids are 0 to numNodes - 1 in another order: then an id is the
   * number of a row. Empty if the rows follow the nodes.
   */
  static Optional<int[]> rows(NodeIds ids) {
    int[] rows = new int[ids.numNodes()];
    for (int node = 0; node < rows.length; node++) {
      long id = number(ids.name(node));
      if (id < 0 || id >= rows.length) {
        return Optional.empty();
      }
      rows[node] = (int) id;
    }
    boolean sorted = IntStream.range(0, rows.length).allMatch(node -> rows[node] == node);
    return sorted ? Optional.empty() : Optional.of(rows);
  }

  /** A number without zeros in front, or -1. */
  private static long number(byte[] name) {
    if (name[0] < '0' || name[0] > '9' || name[0] == '0' && name.length > 1) {
      return -1;
    }
    try {
      return FieldParser.integer(name, 0, name.length);
    } catch (MalformedFieldException _) {
      return -1;
    }
  }
}
