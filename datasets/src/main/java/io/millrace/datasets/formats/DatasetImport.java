package io.millrace.datasets.formats;

import io.millrace.Internal;
import io.millrace.Progress;
import io.millrace.datasets.DatasetArray;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.DatasetWriter;
import io.millrace.datasets.DictionaryWriter;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.csr.CsrBuilder;
import io.millrace.datasets.npy.NumpyReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Writes the tables of a source as a dataset directory. All importers end here.
 *
 * <p>Edges and features are streamed, see {@link CsrBuilder} and {@code FeatureWriter}. The next
 * class to read is {@link SourceTables}.
 */
@Internal
public final class DatasetImport {
  private DatasetImport() {}

  public static DatasetDescription write(
      SourceTables tables, DatasetWriter writer, ImportOptions options, Progress progress) {
    options.requireFiles();
    Optional<int[]> featureRows = options.featureFile().flatMap(tables::rowsOf);
    Optional<int[]> targetRows = options.targetFile().flatMap(tables::rowsOf);
    tables.splits().forEach((split, nodes) -> writer.write(DatasetArray.of(split, nodes)));
    Optional<NodeLabels> labels = tables.labels();
    labels.ifPresent(values -> writer.write(DatasetArray.of(values)));
    long numEdges = writeGraph(tables, writer, options, progress);
    int numNodes = tables.numNodes();
    Optional<NodeLabels> targets =
        options
            .targetFile()
            .map(file -> NumpyColumns.targets(NumpyReader.open(file), numNodes, targetRows))
            .or(tables::targets);
    targets.ifPresent(values -> writer.write(DatasetArray.of(values)));
    tables
        .ids()
        .ifPresent(ids -> new DictionaryWriter(ids::name, numNodes).writeTo(writer, progress));
    Optional<DatasetDescription.Features> features =
        new FeatureWriter(tables, featureRows, options, progress).writeTo(writer);
    return writer.commit(
        new DatasetDescription(
            options.name().orElseGet(tables::name),
            numNodes,
            numEdges,
            !options.undirected(),
            features,
            labels.map(values -> OptionalInt.of(values.numClasses())).orElse(OptionalInt.empty()),
            labels.map(NodeLabels::classNames).orElse(List.of()),
            targets.map(DatasetDescription.Targets::of),
            tables.source(),
            tables.licence(),
            tables.findings(),
            Map.of()));
  }

  private static long writeGraph(
      SourceTables tables, DatasetWriter writer, ImportOptions options, Progress progress) {
    try (EdgeInput edges = tables.edges(writer.temporary("edges"), progress);
        CsrBuilder builder =
            CsrBuilder.read(
                edges,
                tables.maxNodes(),
                options.edgeOptions(edges.columns().times()),
                options.memory(),
                writer,
                progress)) {
      edges.end(builder.numGiven());
      return builder.writeTo(writer, tables.numNodes());
    }
  }

  /** The last part of a path, used as a name. */
  public static String nameOf(Path path) {
    return path.toAbsolutePath().normalize().getFileName().toString();
  }
}
