package io.millrace.datasets;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Writes the tables of a source as a dataset directory: what all importers have in common.
 *
 * <p>Features are streamed; edges and the graph are in memory, see {@link CsrBuilder}. The next
 * class to read is {@link SourceTables}.
 */
final class DatasetImport {
  private DatasetImport() {}

  static DatasetDescription write(
      SourceTables tables, DatasetWriter writer, ImportOptions options, Progress progress) {
    tables.splits().forEach((split, nodes) -> writer.write(DatasetPart.of(split, nodes)));
    Optional<NodeLabels> labels = tables.labels();
    labels.ifPresent(values -> writer.write(DatasetPart.of(values)));
    long numEdges = writeGraph(tables, writer, options, progress);
    int numNodes = tables.numNodes();
    tables
        .ids()
        .ifPresent(ids -> new DictionaryWriter(ids::name, numNodes).writeTo(writer, progress));
    Optional<DatasetDescription.Features> features =
        tables
            .features(writer.scratch("features"))
            .map(rows -> FeatureCopy.write(rows, numNodes, options, writer, progress));
    return writer.commit(
        new DatasetDescription(
            options.name().orElseGet(tables::name),
            numNodes,
            numEdges,
            !options.undirected(),
            features,
            labels.map(values -> OptionalInt.of(values.numClasses())).orElse(OptionalInt.empty()),
            tables.source(),
            tables.licence(),
            Map.of()));
  }

  private static long writeGraph(
      SourceTables tables, DatasetWriter writer, ImportOptions options, Progress progress) {
    try (EdgeList edges = readEdges(tables, writer, options, progress);
        Arena arena = Arena.ofShared()) {
      CsrGraph graph =
          CsrBuilder.build(tables.numNodes(), edges, options.edgeOptions(), arena, progress);
      writer.write(DatasetPart.of(graph));
      return graph.numEdges();
    }
  }

  private static EdgeList readEdges(
      SourceTables tables, DatasetWriter writer, ImportOptions options, Progress progress) {
    try (EdgeReader edges = tables.edges(writer.scratch("edges"), progress)) {
      if (edges.numEdges() >= 0) {
        CsrBuilder.requireMemory(tables.numNodes(), edges.numEdges(), options.edgeOptions());
      }
      EdgeList list = EdgeList.of(edges, progress);
      try {
        edges.end(list.size());
        CsrBuilder.requireMemory(tables.numNodes(), list.size(), options.edgeOptions());
        return list;
      } catch (RuntimeException | Error e) {
        list.close();
        throw e;
      }
    }
  }

  /** The last part of a path, as a name. */
  static String nameOf(Path path) {
    return path.toAbsolutePath().normalize().getFileName().toString();
  }
}
