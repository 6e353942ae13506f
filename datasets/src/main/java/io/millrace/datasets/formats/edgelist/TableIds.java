package io.millrace.datasets.formats.edgelist;

import io.millrace.BadInputException;
import io.millrace.datasets.formats.ids.DenseIds;
import io.millrace.datasets.formats.ids.LongIds;
import io.millrace.datasets.formats.ids.NameIds;
import io.millrace.datasets.formats.ids.NodeIdKind;
import io.millrace.datasets.formats.ids.NodeIds;
import io.millrace.datasets.text.TextFormat;
import java.util.Optional;

/** The ids in a node table: their kind, and the node of each. */
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
   * @param column the column of the ids; empty = the numbers of the rows are the ids
   */
  static TableIds of(NodeIdKind kind, TextFormat format, Optional<Integer> column) {
    boolean text =
        kind == NodeIdKind.STRING
            || kind == NodeIdKind.AUTO && column.isPresent() && !format.hasInteger(column.get());
    if (column.isEmpty() && (text || kind == NodeIdKind.LONG)) {
      throw BadInputException.of("name the node table's id column", "file", format.file());
    }
    return new TableIds(kind, column, text ? new NameIds() : new LongIds(kind == NodeIdKind.AUTO));
  }

  /** Reads the id of the next node. */
  void add(TableReader rows, int node) {
    if (column.isEmpty()) {
      return;
    }
    int at = column.get();
    if (rows.node(ids, at) != node) {
      throw rows.errorAt(at, "duplicate id", "value", rows.text(at));
    }
    dense &= ids instanceof LongIds longs && longs.id(node) == node;
    if (kind == NodeIdKind.DENSE && !dense) {
      throw rows.errorAt(
          at, "ids are not dense, use long ids (--ids long)", "value", rows.text(at), "need", node);
    }
  }

  /** Why the ids are of their kind. Called after the last node. */
  String reason() {
    if (column.isEmpty()) {
      return "the numbers of the node table's rows";
    }
    if (!ids.areIntegers()) {
      return "the node table's first id is text";
    }
    return dense
        ? "the node table's ids are 0, 1, 2, ... in order"
        : "the node table's ids are not 0, 1, 2, ... in order";
  }

  /** The ids by which edges refer to nodes. Called after the last node. */
  NodeIds complete(int numNodes) {
    boolean isDense = kind != NodeIdKind.LONG && kind != NodeIdKind.STRING && dense;
    if (isDense) {
      return DenseIds.of(numNodes, kind == NodeIdKind.AUTO);
    }
    ids.complete();
    return ids;
  }
}
