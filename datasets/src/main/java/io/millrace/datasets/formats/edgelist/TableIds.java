package io.millrace.datasets.formats.edgelist;

import io.millrace.BadInputException;
import io.millrace.datasets.formats.ids.DenseIds;
import io.millrace.datasets.formats.ids.LongIds;
import io.millrace.datasets.formats.ids.NameIds;
import io.millrace.datasets.formats.ids.NodeIdKind;
import io.millrace.datasets.formats.ids.NodeIds;
import io.millrace.datasets.text.TextFormat;
import java.util.Optional;

/** The ids in a node table: what they are, and which node each of them is. */
final class TableIds {
  private final NodeIdKind kind;
  private final Optional<Integer> column;
  private final NodeIds ids;
  private boolean dense = true;

  private TableIds(NodeIdKind kind, Optional<Integer> column, NodeIds ids) {
    this.kind = kind;
    this.column = column;
    this.ids = ids;
  }

  /**
   * @param column where the ids stand; empty = they are the numbers of the rows
   */
  static TableIds of(NodeIdKind kind, TextFormat format, Optional<Integer> column) {
    boolean text =
        kind == NodeIdKind.STRING
            || kind == NodeIdKind.AUTO && column.isPresent() && !format.hasInteger(column.get());
    if (column.isEmpty() && (text || kind == NodeIdKind.LONG)) {
      throw BadInputException.of("name the node table's id column", "file", format.file());
    }
    return new TableIds(kind, column, text ? new NameIds() : new LongIds());
  }

  /** The id of the next node. */
  void add(TableReader rows, int node) {
    if (column.isEmpty()) {
      return;
    }
    int at = column.get();
    if (rows.node(ids, at) != node) {
      throw rows.errorAt(at, "id stands twice", "value", rows.text(at));
    }
    dense &= ids instanceof LongIds longs && longs.ids().getLong(node) == node;
    if (kind == NodeIdKind.DENSE && !dense) {
      throw rows.errorAt(
          at,
          "ids are not dense, take long ids (--ids long)",
          "value",
          rows.text(at),
          "need",
          node);
    }
  }

  /** The ids as edges will use them, when all nodes are known. */
  NodeIds complete(int numNodes) {
    boolean isDense = kind != NodeIdKind.LONG && kind != NodeIdKind.STRING && dense;
    if (isDense) {
      return DenseIds.of(numNodes);
    }
    ids.complete();
    return ids;
  }
}
