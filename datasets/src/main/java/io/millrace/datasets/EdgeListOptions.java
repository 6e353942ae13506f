package io.millrace.datasets;

import java.util.Optional;

/**
 * How {@link EdgeListImporter} reads text tables. Immutable: start from {@link #defaults} and
 * change with the {@code with} methods. A column is given by its name or by its number, from 1.
 *
 * @param srcColumn where an edge begins
 * @param dstColumn where it ends: the node that aggregates
 * @param separator what stands between columns; empty = what the first line suggests
 * @param header whether the first line names the columns
 * @param ids what the ids of nodes are
 * @param nodes a table of the nodes; empty = nodes are those that the edges name
 */
public record EdgeListOptions(
    String srcColumn,
    String dstColumn,
    Optional<Separator> separator,
    HeaderLine header,
    NodeIdKind ids,
    Optional<NodeTableOptions> nodes) {

  /** The first column to the second, all else found out from the file. */
  public static EdgeListOptions defaults() {
    return new EdgeListOptions(
        "1", "2", Optional.empty(), HeaderLine.AUTO, NodeIdKind.AUTO, Optional.empty());
  }

  public EdgeListOptions withColumns(String src, String dst) {
    return new EdgeListOptions(src, dst, separator, header, ids, nodes);
  }

  public EdgeListOptions withSeparator(Separator value) {
    return new EdgeListOptions(srcColumn, dstColumn, Optional.of(value), header, ids, nodes);
  }

  public EdgeListOptions withHeader(HeaderLine value) {
    return new EdgeListOptions(srcColumn, dstColumn, separator, value, ids, nodes);
  }

  public EdgeListOptions withIds(NodeIdKind value) {
    return new EdgeListOptions(srcColumn, dstColumn, separator, header, value, nodes);
  }

  public EdgeListOptions withNodes(NodeTableOptions value) {
    return new EdgeListOptions(srcColumn, dstColumn, separator, header, ids, Optional.of(value));
  }

  boolean byName() {
    return TextFormat.isName(srcColumn) || TextFormat.isName(dstColumn);
  }
}
