package io.millrace.datasets.formats.edgelist;

import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.formats.ids.NodeIdKind;
import io.millrace.datasets.text.Delimiter;
import io.millrace.datasets.text.HeaderMode;
import io.millrace.datasets.text.HeaderWords;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How {@link EdgeListImporter} reads text tables. Immutable: start from {@link #defaults} and
 * change with the {@code with} methods. A column is given by its name or by its number, from 1.
 *
 * @param srcColumn the source of an edge; empty = the column with a usual name, see {@link
 *     HeaderWords#ends}, otherwise the first
 * @param dstColumn its destination: the node that aggregates; empty = the column with a usual name,
 *     otherwise the second
 * @param weightColumn a number per edge, {@code edge_weights.npy}; empty = no weights
 * @param timeColumn a 64-bit integer per edge, {@code edge_time.npy}; empty = no times
 * @param edgeIds whether to keep each edge's position in the input, {@code edge_ids.npy}
 * @param separator what stands between columns; empty = detected
 * @param header whether the first line names the columns
 * @param ids the kind of ids that nodes have
 * @param nodes a table of the nodes; empty = nodes are those that the edges name
 */
public record EdgeListOptions(
    Optional<String> srcColumn,
    Optional<String> dstColumn,
    Optional<String> weightColumn,
    Optional<String> timeColumn,
    boolean edgeIds,
    Optional<Delimiter> separator,
    HeaderMode header,
    NodeIdKind ids,
    Optional<NodeTableOptions> nodes) {

  /** Everything is detected from the files. */
  public static EdgeListOptions defaults() {
    return new EdgeListOptions(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty(),
        HeaderMode.AUTO,
        NodeIdKind.AUTO,
        Optional.empty());
  }

  public EdgeListOptions withColumns(String src, String dst) {
    return new EdgeListOptions(
        Optional.of(src),
        Optional.of(dst),
        weightColumn,
        timeColumn,
        edgeIds,
        separator,
        header,
        ids,
        nodes);
  }

  public EdgeListOptions withWeightColumn(String value) {
    return new EdgeListOptions(
        srcColumn,
        dstColumn,
        Optional.of(value),
        timeColumn,
        edgeIds,
        separator,
        header,
        ids,
        nodes);
  }

  public EdgeListOptions withTimeColumn(String value) {
    return new EdgeListOptions(
        srcColumn,
        dstColumn,
        weightColumn,
        Optional.of(value),
        edgeIds,
        separator,
        header,
        ids,
        nodes);
  }

  public EdgeListOptions withEdgeIds(boolean value) {
    return new EdgeListOptions(
        srcColumn, dstColumn, weightColumn, timeColumn, value, separator, header, ids, nodes);
  }

  public EdgeListOptions withSeparator(Delimiter value) {
    return new EdgeListOptions(
        srcColumn,
        dstColumn,
        weightColumn,
        timeColumn,
        edgeIds,
        Optional.of(value),
        header,
        ids,
        nodes);
  }

  public EdgeListOptions withHeader(HeaderMode value) {
    return new EdgeListOptions(
        srcColumn, dstColumn, weightColumn, timeColumn, edgeIds, separator, value, ids, nodes);
  }

  public EdgeListOptions withIds(NodeIdKind value) {
    return new EdgeListOptions(
        srcColumn, dstColumn, weightColumn, timeColumn, edgeIds, separator, header, value, nodes);
  }

  public EdgeListOptions withNodes(NodeTableOptions value) {
    return new EdgeListOptions(
        srcColumn,
        dstColumn,
        weightColumn,
        timeColumn,
        edgeIds,
        separator,
        header,
        ids,
        Optional.of(value));
  }

  /** The columns that are given. */
  List<String> asked() {
    return Stream.of(srcColumn, dstColumn, weightColumn, timeColumn)
        .flatMap(Optional::stream)
        .toList();
  }

  EdgeColumns columns() {
    return new EdgeColumns(edgeIds, weightColumn.isPresent(), timeColumn.isPresent(), 0);
  }
}
