package io.millrace.datasets.formats.edgelist;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.ImportFindings;
import io.millrace.datasets.formats.DatasetImport;
import io.millrace.datasets.formats.EdgeInput;
import io.millrace.datasets.formats.EdgeTable;
import io.millrace.datasets.formats.EdgeText;
import io.millrace.datasets.formats.EdgeTimes;
import io.millrace.datasets.formats.ids.DenseIds;
import io.millrace.datasets.formats.ids.LongIds;
import io.millrace.datasets.formats.ids.NameIds;
import io.millrace.datasets.formats.ids.NodeIdKind;
import io.millrace.datasets.formats.ids.NodeIds;
import io.millrace.datasets.text.ColumnNames;
import io.millrace.datasets.text.HeaderWords;
import io.millrace.datasets.text.LayoutFindings;
import io.millrace.datasets.text.TextFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A graph of text tables: edge lists, and optionally a node table. */
final class EdgeListTables implements WithNodeTable {
  private final List<Path> files;
  private final List<EdgeTable> tables;
  private final Optional<NodeTable> nodes;
  private final NodeIds ids;
  private final String idReason;
  private final EdgeText edges;
  private final List<String> featureNotes = new ArrayList<>();

  private EdgeListTables(
      List<Path> files,
      List<EdgeTable> tables,
      Optional<NodeTable> nodes,
      NodeIds ids,
      String idReason,
      EdgeListOptions options) {
    this.files = files;
    this.tables = tables;
    this.nodes = nodes;
    this.ids = ids;
    this.idReason = idReason;
    edges =
        EdgeText.open(
            tables,
            ids,
            options.columns(),
            new EdgeTimes(options.timeUnit()),
            options.dropUnknown());
  }

  /**
   * @param idReason why ids are of the kind in the options, unless that is detected
   */
  static EdgeListTables open(List<Path> files, EdgeListOptions options, String idReason) {
    List<EdgeTable> tables = files.stream().map(file -> table(file, options)).toList();
    if (options.nodes().isEmpty() && options.dropUnknown()) {
      throw new BadInputException("edges to unknown nodes are dropped only with a node table");
    }
    if (options.nodes().isEmpty()) {
      boolean restarted = !idReason.equals(EdgeListImporter.AS_GIVEN);
      NodeIds ids = ids(options.ids(), tables, restarted);
      String reason =
          options.ids() != NodeIdKind.AUTO
              ? idReason
              : ids.areIntegers() ? "the first line's are integers" : "the first line has text";
      return new EdgeListTables(files, tables, Optional.empty(), ids, reason, options);
    }
    NodeTableOptions table = options.nodes().get();
    TextFormat format = table.format(options);
    ColumnNames names = format.columns(table.asked());
    TableIds ids = TableIds.of(options.ids(), format, table.idColumn().map(names::index));
    NodeTable nodes = NodeTable.read(format, table, ids);
    NodeIds complete = ids.complete(nodes.numNodes());
    String reason = options.ids() == NodeIdKind.AUTO ? ids.reason() : idReason;
    return new EdgeListTables(files, tables, Optional.of(nodes), complete, reason, options);
  }

  private static EdgeTable table(Path file, EdgeListOptions options) {
    List<String> asked = options.asked();
    TextFormat format = TextFormat.detect(file, options.separator(), options.header(), asked);
    ColumnRoles roles = new ColumnRoles(format, format.columns(asked));
    List<Integer> ends = ends(format);
    return new EdgeTable(
        format,
        end(roles, "source", options.srcColumn(), ends.getFirst()),
        end(roles, "destination", options.dstColumn(), ends.getLast()),
        index(roles, "weight", options.weightColumn()),
        index(roles, "time", options.timeColumn()));
  }

  /**
   * Where source and destination are by the header; a first column without a name has row numbers.
   */
  private static List<Integer> ends(TextFormat format) {
    List<String> header = format.header();
    boolean rowNumbers =
        header.size() > 2
            && (header.getFirst().isEmpty() || header.getFirst().equals("Unnamed: 0"));
    return HeaderWords.ends(header).orElse(rowNumbers ? List.of(1, 2) : List.of(0, 1));
  }

  private static int end(ColumnRoles roles, String role, Optional<String> column, int otherwise) {
    return column.map(name -> roles.add(role, name)).orElseGet(() -> roles.addAt(role, otherwise));
  }

  private static OptionalInt index(ColumnRoles roles, String role, Optional<String> column) {
    return column.map(name -> OptionalInt.of(roles.add(role, name))).orElse(OptionalInt.empty());
  }

  private static NodeIds ids(NodeIdKind kind, List<EdgeTable> tables, boolean restarted) {
    boolean numbers = tables.stream().allMatch(EdgeTable::hasIntegers);
    return switch (kind) {
      case AUTO -> numbers ? DenseIds.guessed() : new NameIds();
      case DENSE -> DenseIds.unbounded();
      case LONG -> new LongIds(restarted);
      case STRING -> new NameIds();
    };
  }

  @Override
  public Optional<NodeTable> nodes() {
    return nodes;
  }

  @Override
  public EdgeInput edges(Path scratch, Progress progress) {
    return edges();
  }

  EdgeInput edges() {
    return edges;
  }

  @Override
  public Optional<ImportFindings> findings() {
    List<ImportFindings.Table> all = new ArrayList<>();
    for (int i = 0; i < tables.size(); i++) {
      all.add(findings(i));
    }
    nodes.ifPresent(table -> all.add(table.findings()));
    Optional<String> firstEdge =
        tables.stream().flatMap(table -> table.firstEdge().stream()).findFirst();
    List<String> notes = new ArrayList<>(featureNotes);
    nodes.ifPresent(table -> notes.addAll(table.notes()));
    if (edges.dropped() > 0) {
      notes.add("dropped " + edges.dropped() + " edges to nodes that the node table lacks");
    }
    return Optional.of(new ImportFindings(kind() + ", " + idReason, firstEdge, all, notes));
  }

  private ImportFindings.Table findings(int i) {
    EdgeTable table = tables.get(i);
    LayoutFindings layout = table.format().findings();
    return new ImportFindings.Table(
        DatasetImport.nameOf(table.format().file()),
        layout.delimiter(),
        layout.header(),
        table.uses(),
        layout.commentLines(),
        layout.blankLines() + edges.blankLines(i));
  }

  private String kind() {
    return switch (ids) {
      case DenseIds _ -> "dense";
      case LongIds _ -> "long";
      default -> "string";
    };
  }

  @Override
  public void close() {
    edges.close();
  }

  @Override
  public int maxNodes() {
    return nodes.map(NodeTable::numNodes).orElse(DenseIds.MAX_NODES);
  }

  @Override
  public int numNodes() {
    return ids.numNodes();
  }

  @Override
  public Optional<NodeIds> ids() {
    return ids instanceof DenseIds ? Optional.empty() : Optional.of(ids);
  }

  @Override
  public Optional<int[]> rowsOf(Path featureFile) {
    if (ids().isEmpty()) {
      return Optional.empty();
    }
    if (nodes.isEmpty()) {
      FeatureFileOrder.requireTable(featureFile);
    }
    Optional<int[]> rows = FeatureFileOrder.rows(ids);
    String name = DatasetImport.nameOf(featureFile);
    featureNotes.add(
        rows.isPresent()
            ? name + ": row v belongs to the node of id v, as the ids are 0 to N-1 in another order"
            : name + ": row v belongs to row v of the node table");
    return rows;
  }

  @Override
  public String name() {
    return DatasetImport.nameOf(files.getFirst()).replaceFirst("\\..*", "");
  }

  @Override
  public String source() {
    return "edge list "
        + String.join(", ", files.stream().map(DatasetImport::nameOf).toList())
        + nodes.map(table -> ", node table " + DatasetImport.nameOf(table.file())).orElse("");
  }
}
