package io.millrace.datasets.formats.edgelist;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.ImportFindings;
import io.millrace.datasets.formats.DatasetImport;
import io.millrace.datasets.formats.EdgeInput;
import io.millrace.datasets.formats.ids.DenseIds;
import io.millrace.datasets.formats.ids.NodeIdKind;
import io.millrace.datasets.formats.matrix.MatrixFile;
import io.millrace.datasets.text.ColumnNames;
import io.millrace.datasets.text.TextFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A graph in a matrix or an array, and optionally a node table, whose rows are the nodes. */
final class MatrixTables implements WithNodeTable {
  private final Path file;
  private final MatrixFile matrix;
  private final Optional<NodeTable> nodes;

  private MatrixTables(Path file, MatrixFile matrix, Optional<NodeTable> nodes) {
    this.file = file;
    this.matrix = matrix;
    this.nodes = nodes;
  }

  /** Whether the first of the files is a matrix or an array. */
  static boolean areIn(List<Path> files) {
    return MatrixFile.isOne(files.getFirst());
  }

  static MatrixTables open(List<Path> files, EdgeListOptions options) {
    Path file = files.getFirst();
    if (files.size() > 1) {
      throw BadInputException.of(
          "a graph is one matrix or one array", "file", file, "files", files.size());
    }
    requireNoColumns(file, options);
    Optional<NodeTable> nodes = options.nodes().map(table -> nodes(table, options));
    MatrixFile matrix = MatrixFile.open(file, options.edgeIds());
    MatrixTables tables = new MatrixTables(file, matrix, nodes);
    try {
      tables.requireRows();
      return tables;
    } catch (RuntimeException | Error e) {
      matrix.close();
      throw e;
    }
  }

  private static NodeTable nodes(NodeTableOptions table, EdgeListOptions options) {
    TextFormat format = table.format(options);
    ColumnNames names = format.columns(table.asked());
    TableIds ids = TableIds.of(NodeIdKind.DENSE, format, table.idColumn().map(names::index));
    return NodeTable.read(format, table, ids);
  }

  /** Options that concern columns of text are mistakes here. */
  private static void requireNoColumns(Path file, EdgeListOptions options) {
    EdgeListOptions plain = EdgeListOptions.defaults().withEdgeIds(options.edgeIds());
    if (options.ids() == NodeIdKind.DENSE) {
      plain = plain.withIds(NodeIdKind.DENSE);
    }
    if (options.nodes().isPresent()) {
      plain = plain.withNodes(options.nodes().get()).withHeader(options.header());
      plain = options.separator().map(plain::withSeparator).orElse(plain);
    }
    if (!plain.equals(options)) {
      throw BadInputException.of(
          "a matrix or an array has no columns, delimiter, header or other ids to choose",
          "file",
          file);
    }
  }

  private void requireRows() {
    int rows = nodes.map(NodeTable::numNodes).orElse(matrix.maxNodes());
    if (rows > matrix.maxNodes() || rows < matrix.maxNodes() && statesNodes()) {
      throw BadInputException.of(
          "node table and matrix must have the same number of rows",
          "file",
          file,
          "rows",
          matrix.maxNodes(),
          "nodes",
          rows);
    }
  }

  private boolean statesNodes() {
    return matrix.maxNodes() < DenseIds.MAX_NODES;
  }

  @Override
  public Optional<NodeTable> nodes() {
    return nodes;
  }

  @Override
  public int maxNodes() {
    return nodes.map(NodeTable::numNodes).orElse(matrix.maxNodes());
  }

  @Override
  public EdgeInput edges(Path scratch, Progress progress) {
    return matrix.edges(maxNodes(), scratch, progress);
  }

  @Override
  public int numNodes() {
    return nodes.map(NodeTable::numNodes).orElseGet(matrix::numNodes);
  }

  @Override
  public Optional<ImportFindings> findings() {
    List<ImportFindings.Table> all = new ArrayList<>();
    nodes.ifPresent(table -> all.add(table.findings()));
    String ids = "dense, the numbers of the rows";
    return Optional.of(new ImportFindings(ids, Optional.empty(), all, matrix.notes()));
  }

  @Override
  public String name() {
    return DatasetImport.nameOf(file).replaceFirst("\\..*", "");
  }

  @Override
  public String source() {
    return "matrix "
        + DatasetImport.nameOf(file)
        + nodes.map(table -> ", node table " + DatasetImport.nameOf(table.file())).orElse("");
  }

  @Override
  public void close() {
    matrix.close();
  }
}
