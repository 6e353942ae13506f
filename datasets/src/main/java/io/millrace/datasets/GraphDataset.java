package io.millrace.datasets;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Graph, features, labels and split as one closeable thing.
 *
 * <p>Immutable and shared by all threads until {@link #close}, which unmaps the files: nothing that
 * came from the dataset may be used afterwards. The next class to read is {@link CsrGraph}.
 */
public final class GraphDataset implements AutoCloseable {
  private final String name;
  private final CsrGraph graph;
  private final Optional<FeatureMatrix> features;
  private final Optional<NodeLabels> labels;
  private final Map<Split, int[]> splits;
  private final Arena arena;

  private GraphDataset(Builder builder) {
    name = builder.name;
    graph = builder.graph;
    features = builder.features;
    labels = builder.labels;
    splits = builder.splits;
    arena = builder.arena;
  }

  /** A dataset from its parts, for graphs that are already in memory. */
  public static Builder builder(String name, CsrGraph graph) {
    return new Builder(name, graph);
  }

  /**
   * Maps a dataset directory.
   *
   * @throws BadInputException if it is not one, or its files do not fit together
   */
  public static GraphDataset open(Path directory) {
    throw new UnsupportedOperationException();
  }

  /** Writes a dataset directory. */
  public DatasetDescription save(Path out) {
    throw new UnsupportedOperationException();
  }

  public String name() {
    return name;
  }

  /** 16 hex digits that stand for the content: graph, features, labels and splits. */
  public String fingerprint() {
    throw new UnsupportedOperationException();
  }

  public boolean hasSplit(Split split) {
    return splits.containsKey(split);
  }

  public CsrGraph graph() {
    return graph;
  }

  public boolean hasFeatures() {
    return features.isPresent();
  }

  /** Row {@code v} belongs to node {@code v}; a clear error if the dataset has no features. */
  public FeatureMatrix features() {
    return features.orElseThrow(
        () -> BadInputException.of("dataset has no features", "dataset", name));
  }

  public boolean hasLabels() {
    return labels.isPresent();
  }

  /** The class of every node; a clear error if the dataset has no labels. */
  public NodeLabels labels() {
    return labels.orElseThrow(() -> BadInputException.of("dataset has no labels", "dataset", name));
  }

  /** The nodes of a split, in the file's order; a clear error if the dataset has no such split. */
  public int[] nodes(Split split) {
    int[] nodes = splits.get(split);
    if (nodes == null) {
      throw BadInputException.of(
          "dataset has no such split", "dataset", name, "split", split.fileName());
    }
    return nodes.clone();
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  /** Collects the parts and checks that they belong together. */
  public static final class Builder {
    private final String name;
    private final CsrGraph graph;
    private final Map<Split, int[]> splits = new EnumMap<>(Split.class);
    private Optional<FeatureMatrix> features = Optional.empty();
    private Optional<NodeLabels> labels = Optional.empty();
    private Arena arena = Arena.ofShared();

    private Builder(String name, CsrGraph graph) {
      this.name = name;
      this.graph = graph;
    }

    public Builder features(FeatureMatrix value) {
      requireNodes("features", value.numNodes());
      features = Optional.of(value);
      return this;
    }

    public Builder labels(NodeLabels value) {
      requireNodes("labels", value.numNodes());
      labels = Optional.of(value);
      return this;
    }

    public Builder split(Split split, int... nodes) {
      splits.put(split, nodes.clone());
      return this;
    }

    /** The arena that holds the parts; the dataset closes it. */
    Builder owning(Arena value) {
      arena = value;
      return this;
    }

    public GraphDataset build() {
      return new GraphDataset(this);
    }

    private void requireNodes(String part, int numNodes) {
      if (numNodes != graph.numNodes()) {
        throw BadInputException.of(
            part + " must have one row per node",
            "dataset",
            name,
            "rows",
            numNodes,
            "numNodes",
            graph.numNodes());
      }
    }
  }
}
