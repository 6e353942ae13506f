package io.millrace.datasets.formats.graphbolt;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.DatasetChecks;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.datasets.formats.DatasetImport;
import io.millrace.datasets.formats.EdgeInput;
import io.millrace.datasets.formats.EdgeTable;
import io.millrace.datasets.formats.EdgeText;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.NumpyColumns;
import io.millrace.datasets.formats.NumpyEdgeColumns;
import io.millrace.datasets.formats.NumpyEdges;
import io.millrace.datasets.formats.SourceTables;
import io.millrace.datasets.formats.features.FeatureSource;
import io.millrace.datasets.formats.features.NumpyRows;
import io.millrace.datasets.formats.ids.DenseIds;
import io.millrace.datasets.npy.NumpyReader;
import io.millrace.datasets.platform.YamlFields;
import io.millrace.datasets.text.Delimiter;
import io.millrace.datasets.text.TextFormat;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A GraphBolt dataset as tables. The next class to read is {@link GraphBoltMetadata}. */
final class GraphBoltTables implements SourceTables {
  private static final Map<Split, String> SETS =
      Map.of(Split.TRAIN, "train_set", Split.VALID, "validation_set", Split.TEST, "test_set");

  private final Path folder;
  private final GraphBoltMetadata metadata;
  private final Optional<YamlFields> task;
  private final Optional<GraphBoltMetadata.Entry> features;
  private final NumpyEdgeColumns.Source edgeData;
  private final int numNodes;
  private final Map<Split, int[]> splits;

  private GraphBoltTables(
      Path folder, GraphBoltMetadata metadata, ImportOptions options, GraphBoltOptions data) {
    this.folder = folder;
    this.metadata = metadata;
    task = metadata.task(options.split());
    features = chosen(data.feature());
    edgeData =
        new NumpyEdgeColumns.Source(
            data.edgeIds(),
            data.edgeWeight().map(this::edgeArray),
            data.edgeTime().map(this::edgeArray),
            data.edgeFeature().map(this::edgeArray));
    numNodes = metadata.numNodes();
    features.ifPresent(this::requireRows); // before arrays for so many nodes are allocated
    splits = readSplits();
  }

  static GraphBoltTables open(Path folder, ImportOptions options, GraphBoltOptions data) {
    return new GraphBoltTables(folder, GraphBoltMetadata.open(folder), options, data);
  }

  private Optional<GraphBoltMetadata.Entry> chosen(Optional<String> feature) {
    List<YamlFields> all = metadata.nodeFeatures();
    List<String> names = all.stream().map(GraphBoltMetadata::nameOf).toList();
    if (all.isEmpty() && feature.isEmpty()) {
      return Optional.empty();
    }
    String name = feature.orElse(names.size() == 1 ? names.getFirst() : "feat");
    int index = names.indexOf(name);
    if (index < 0) {
      throw BadInputException.of(
          "name the features to import", "path", folder, "feature", name, "available", names);
    }
    return Optional.of(metadata.entry(all.get(index)));
  }

  private Path edgeArray(String name) {
    return numpy(metadata.edgeData(name));
  }

  private void requireRows(GraphBoltMetadata.Entry entry) {
    try (NumpyReader rows = open(entry)) {
      NumpyRows.dim(rows, numNodes);
    }
  }

  private Map<Split, int[]> readSplits() {
    Map<Split, int[]> nodes = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      part(split, "seeds", "seed_nodes")
          .ifPresent(entry -> nodes.put(split, NumpyColumns.nodes(open(entry), numNodes)));
    }
    DatasetChecks.splits(folder, nodes, numNodes);
    return nodes;
  }

  private Optional<GraphBoltMetadata.Entry> part(Split split, String... names) {
    return task.flatMap(t -> metadata.setPart(t, SETS.get(split), names));
  }

  private static NumpyReader open(GraphBoltMetadata.Entry entry) {
    return NumpyReader.open(numpy(entry));
  }

  /** The file of an array that GraphBolt stores as numpy only. */
  private static Path numpy(GraphBoltMetadata.Entry entry) {
    if (entry.format() != GraphBoltMetadata.Format.NUMPY) {
      throw BadInputException.of("only edges may be csv", "file", entry.file());
    }
    return entry.file();
  }

  @Override
  public Map<Split, int[]> splits() {
    return splits;
  }

  /** The labels of the nodes in the splits; the others are unlabelled. */
  @Override
  public Optional<NodeLabels> labels() {
    int[] labels = new int[numNodes];
    Arrays.fill(labels, NodeLabels.UNLABELLED);
    boolean found = false;
    for (Map.Entry<Split, int[]> split : splits.entrySet()) {
      Optional<GraphBoltMetadata.Entry> entry = part(split.getKey(), "labels");
      if (entry.isPresent()) {
        int[] nodes = split.getValue();
        int[] values = NumpyColumns.labels(open(entry.get()), nodes.length);
        for (int i = 0; i < nodes.length; i++) {
          labels[nodes[i]] = values[i];
        }
        found = true;
      }
    }
    return found ? Optional.of(withClasses(labels)) : Optional.empty();
  }

  private NodeLabels withClasses(int[] labels) {
    int found = NodeLabels.of(labels).numClasses();
    int classes =
        task.filter(t -> t.has("num_classes"))
            .map(t -> t.integer("num_classes", 1, NodeLabels.MAX_CLASSES))
            .orElse(found);
    if (found > classes) {
      throw BadInputException.of(
          "label out of range", "path", folder, "label", found - 1, "num_classes", classes);
    }
    return NodeLabels.of(classes, labels);
  }

  @Override
  public EdgeInput edges(Path scratch, Progress progress) {
    GraphBoltMetadata.Entry entry = metadata.edges();
    EdgeInput edges =
        switch (entry.format()) {
          case NUMPY -> NumpyEdges.open(open(entry), numNodes, scratch, progress);
          case CSV ->
              EdgeText.open(
                  List.of(EdgeTable.pairs(TextFormat.plain(entry.file(), Delimiter.COMMA, 2))),
                  DenseIds.of(numNodes));
        };
    return edgeData.isEmpty() ? edges : NumpyEdgeColumns.open(edges, edgeData);
  }

  @Override
  public int numNodes() {
    return numNodes;
  }

  @Override
  public Optional<FeatureSource> features(Path scratch) {
    return features.map(entry -> NumpyRows.of(open(entry), numNodes, scratch));
  }

  @Override
  public String name() {
    return metadata.name().orElse(DatasetImport.nameOf(folder));
  }

  @Override
  public String source() {
    return "GraphBolt dataset " + DatasetImport.nameOf(folder);
  }
}
