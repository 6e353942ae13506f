package io.millrace.datasets.formats.edgelist;

import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.formats.EdgeTimes;
import io.millrace.datasets.formats.ids.NodeIdKind;
import io.millrace.datasets.text.Delimiter;
import io.millrace.datasets.text.HeaderMode;
import io.millrace.datasets.text.HeaderWords;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
 * @param timeColumn a time per edge, a 64-bit integer in {@code edge_time.npy}; empty = no times
 * @param timeUnit what times with a fraction and dates become, see {@link EdgeTimes}; empty = whole
 *     seconds
 * @param edgeIds whether to keep each edge's position in the input, {@code edge_ids.npy}
 * @param separator what stands between columns; empty = detected
 * @param header whether the first line names the columns
 * @param ids the kind of ids that nodes have
 * @param nodes a table of the nodes; empty = nodes are those that the edges name
 * @param dropUnknown whether edges to nodes that the table lacks are dropped and counted; otherwise
 *     they are bad input
 */
public record EdgeListOptions(
    Optional<String> srcColumn,
    Optional<String> dstColumn,
    Optional<String> weightColumn,
    Optional<String> timeColumn,
    Optional<TimeUnit> timeUnit,
    boolean edgeIds,
    Optional<Delimiter> separator,
    HeaderMode header,
    NodeIdKind ids,
    Optional<NodeTableOptions> nodes,
    boolean dropUnknown) {

  /** Everything is detected from the files. */
  public static EdgeListOptions defaults() {
    return new EdgeListOptions(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty(),
        HeaderMode.AUTO,
        NodeIdKind.AUTO,
        Optional.empty(),
        false);
  }

  public EdgeListOptions withColumns(String src, String dst) {
    return with(
        draft -> {
          draft.srcColumn = Optional.of(src);
          draft.dstColumn = Optional.of(dst);
        });
  }

  public EdgeListOptions withWeightColumn(String value) {
    return with(draft -> draft.weightColumn = Optional.of(value));
  }

  public EdgeListOptions withTimeColumn(String value) {
    return with(draft -> draft.timeColumn = Optional.of(value));
  }

  public EdgeListOptions withTimeUnit(TimeUnit value) {
    return with(draft -> draft.timeUnit = Optional.of(value));
  }

  public EdgeListOptions withEdgeIds(boolean value) {
    return with(draft -> draft.edgeIds = value);
  }

  public EdgeListOptions withSeparator(Delimiter value) {
    return with(draft -> draft.separator = Optional.of(value));
  }

  public EdgeListOptions withHeader(HeaderMode value) {
    return with(draft -> draft.header = value);
  }

  public EdgeListOptions withIds(NodeIdKind value) {
    return with(draft -> draft.ids = value);
  }

  public EdgeListOptions withNodes(NodeTableOptions value) {
    return with(draft -> draft.nodes = Optional.of(value));
  }

  public EdgeListOptions withDropUnknown(boolean value) {
    return with(draft -> draft.dropUnknown = value);
  }

  /** The columns that are given. */
  List<String> asked() {
    return Stream.of(srcColumn, dstColumn, weightColumn, timeColumn)
        .flatMap(Optional::stream)
        .toList();
  }

  EdgeColumns columns() {
    boolean times = timeColumn.isPresent();
    return new EdgeColumns(edgeIds || times, weightColumn.isPresent(), times, 0);
  }

  private EdgeListOptions with(Consumer<Draft> change) {
    Draft draft = new Draft();
    change.accept(draft);
    return draft.options();
  }

  /** These options, to be changed before they are copied. */
  private final class Draft {
    private Optional<String> srcColumn = EdgeListOptions.this.srcColumn;
    private Optional<String> dstColumn = EdgeListOptions.this.dstColumn;
    private Optional<String> weightColumn = EdgeListOptions.this.weightColumn;
    private Optional<String> timeColumn = EdgeListOptions.this.timeColumn;
    private Optional<TimeUnit> timeUnit = EdgeListOptions.this.timeUnit;
    private boolean edgeIds = EdgeListOptions.this.edgeIds;
    private Optional<Delimiter> separator = EdgeListOptions.this.separator;
    private HeaderMode header = EdgeListOptions.this.header;
    private NodeIdKind ids = EdgeListOptions.this.ids;
    private Optional<NodeTableOptions> nodes = EdgeListOptions.this.nodes;
    private boolean dropUnknown = EdgeListOptions.this.dropUnknown;

    EdgeListOptions options() {
      return new EdgeListOptions(
          srcColumn,
          dstColumn,
          weightColumn,
          timeColumn,
          timeUnit,
          edgeIds,
          separator,
          header,
          ids,
          nodes,
          dropUnknown);
    }
  }
}
