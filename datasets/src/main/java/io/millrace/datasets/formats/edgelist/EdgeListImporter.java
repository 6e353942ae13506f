package io.millrace.datasets.formats.edgelist;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.DatasetWriter;
import io.millrace.datasets.ImportFindings;
import io.millrace.datasets.csr.CsrBuilder;
import io.millrace.datasets.csr.EdgeList;
import io.millrace.datasets.formats.DatasetImport;
import io.millrace.datasets.formats.EdgeInput;
import io.millrace.datasets.formats.EdgeText;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.SourceTables;
import io.millrace.datasets.formats.ids.NodeIdKind;
import io.millrace.datasets.formats.ids.OtherKindException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Imports text tables of edges, and optionally a table of nodes, as a dataset directory: SNAP's
 * text files, csv, tsv and Parquet, plain or compressed with gzip or zstd. Or a graph in a matrix
 * or an array: Matrix Market, npy, npz.
 *
 * <p>The path of a line: {@code EdgeListTables} finds out which columns of a file hold what, {@link
 * EdgeText} turns each line into an edge, {@link CsrBuilder} sorts the edges. The next class to
 * read is {@link EdgeText}.
 */
public final class EdgeListImporter {
  static final String AS_GIVEN = "as given";

  private EdgeListImporter() {}

  /**
   * @param files tables of edges, read one after the other
   * @param out the dataset directory to make; must not exist
   * @return what was written
   * @throws BadInputException if {@code out} exists, or a file is malformed (the message names file
   *     and line); nothing is left at {@code out}
   */
  public static DatasetDescription importFiles(
      List<Path> files, EdgeListOptions edges, Path out, ImportOptions options, Progress progress) {
    if (files.isEmpty()) {
      throw new BadInputException("need at least one file of edges");
    }
    return withKind(
        edges,
        (kind, reason) -> importAs(files, edges.withIds(kind), reason, out, options, progress),
        progress);
  }

  /** Starts again when an id shows that ids are of another kind than was assumed. */
  private static <T> T withKind(
      EdgeListOptions edges, BiFunction<NodeIdKind, String, T> work, Progress progress) {
    NodeIdKind kind = edges.ids();
    String reason = AS_GIVEN;
    while (true) {
      try {
        return work.apply(kind, reason);
      } catch (OtherKindException e) { // from numbers to any integers to text, so at most twice
        progress.note("ids are numbered in order of first appearance: " + e.getMessage());
        kind = e.kind();
        reason = e.reason();
      }
    }
  }

  /**
   * Opens the tables without importing them: what is found out about them from their first lines
   * and from the node table. Ids that are dense here may turn out to be long ids when all edges are
   * read.
   */
  public static ImportFindings findings(List<Path> files, EdgeListOptions options) {
    try (SourceTables tables = open(files, options, AS_GIVEN)) {
      return tables.findings().orElseThrow();
    }
  }

  /**
   * Reads the edges only, to build a graph from code. Long and string ids are numbered in order of
   * first appearance.
   *
   * @return the edges in the order of the files, which the caller closes
   */
  public static EdgeList readEdges(List<Path> files, EdgeListOptions options, Progress progress) {
    return withKind(
        options,
        (kind, reason) -> {
          try (EdgeListTables tables = EdgeListTables.open(files, options.withIds(kind), reason);
              EdgeInput edges = tables.edges()) {
            return EdgeList.of(edges, progress);
          }
        },
        progress);
  }

  private static SourceTables open(List<Path> files, EdgeListOptions options, String idReason) {
    requireNoAdjacencyLists(files);
    return MatrixTables.areIn(files)
        ? MatrixTables.open(files, options)
        : EdgeListTables.open(files, options, idReason);
  }

  /** METIS files have no mark of their own but their name. */
  private static void requireNoAdjacencyLists(List<Path> files) {
    for (Path file : files) {
      if (file.toString().matches(".*\\.(graph|metis)(\\.gz|\\.zst)?")) {
        throw BadInputException.of(
            "METIS adjacency lists are not read; write the edges as Matrix Market or as text"
                + " (a file of edges may have any other name)",
            "file",
            file);
      }
    }
  }

  private static DatasetDescription importAs(
      List<Path> files,
      EdgeListOptions edges,
      String idReason,
      Path out,
      ImportOptions options,
      Progress progress) {
    try (DatasetWriter writer = DatasetWriter.create(out);
        SourceTables tables = open(files, edges, idReason)) {
      return DatasetImport.write(tables, writer, options, progress);
    }
  }
}
