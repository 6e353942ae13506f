package io.millrace.datasets;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.Progress;
import io.millrace.datasets.platform.FileStamps;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A graph with its edge attributes, features, labels and splits, as one closeable object.
 *
 * <p>Immutable and shared by all threads until {@link #close}, which unmaps the files: nothing that
 * came from the dataset may be used afterwards. The next class to read is {@link CsrGraph}.
 */
public final class GraphDataset implements AutoCloseable {
  /** Up to this size {@link #open} checks every value; above it only the inspector does so. */
  private static final long FULL_CHECK_BYTES = 1L << 30;

  private final String name;
  private final CsrGraph graph;
  private final EdgeAttributes edges;
  private final Optional<FeatureMatrix> features;
  private final Optional<DatasetPart> part;
  private final Optional<NodeLabels> labels;
  private final Optional<NodeLabels> targets;
  private final Map<Split, int[]> splits;
  private final Optional<NodeDictionary> dictionary;
  private final Arena arena;
  private final FileStamps files;
  private Optional<DatasetDescription> description;

  private GraphDataset(Builder builder, Arena arena) {
    name = builder.name;
    graph = builder.graph;
    edges = builder.edges;
    features = builder.features;
    part = builder.part;
    labels = builder.labels;
    targets = builder.targets;
    splits = new EnumMap<>(builder.splits);
    description = builder.description;
    dictionary = builder.dictionary;
    files = builder.files;
    this.arena = arena;
  }

  /** A dataset from its parts, for graphs that are already in memory. */
  public static Builder builder(String name, CsrGraph graph) {
    return new Builder(name, graph);
  }

  /**
   * Opens a dataset directory, in memory if there is plenty of it and mapped otherwise, see {@link
   * StorageMode#AUTO}. Sizes, shapes, labels and splits are checked, and if all files together have
   * at most 1 GiB every other value as well; {@code DatasetInspector} checks files of any size, and
   * their checksums.
   *
   * @throws BadInputException if it is not a dataset directory, or its files are damaged or do not
   *     fit together
   */
  public static GraphDataset open(Path directory) {
    return open(directory, StorageMode.AUTO);
  }

  /** As {@link #open(Path)}, with a choice of where the data is kept. */
  public static GraphDataset open(Path directory, StorageMode storageMode) {
    return DatasetReader.open(directory, storageMode, FULL_CHECK_BYTES);
  }

  /**
   * As {@link #open(Path)}, but mapped where that would copy the files: for work that has a limit
   * of memory of its own.
   */
  @Internal
  public static GraphDataset openUncopied(Path directory) {
    return DatasetReader.openUncopied(directory, FULL_CHECK_BYTES);
  }

  /**
   * Writes a dataset directory.
   *
   * @param out must not exist; nothing is left there after a failure
   * @return what was written
   */
  public DatasetDescription save(Path out) {
    return save(out, description(), List.of());
  }

  /**
   * As {@link #save(Path)}, with a description of its own, whose files are set here, and with
   * further files.
   */
  @Internal
  public DatasetDescription save(
      Path out, DatasetDescription newDescription, List<DatasetArray> more) {
    try (DatasetWriter writer = DatasetWriter.create(out)) {
      writer.write(DatasetArray.of(this));
      writer.write(more);
      dictionary.ifPresent(
          names ->
              new DictionaryWriter(names.names()::bytes, names.numNodes())
                  .writeTo(writer, Progress.NONE));
      return writer.commit(newDescription);
    }
  }

  public String name() {
    return name;
  }

  /**
   * Counts, types and checksums: {@code dataset.yaml} of a dataset on disk, otherwise what {@link
   * #save} would write, computed at the first call.
   */
  public synchronized DatasetDescription description() {
    if (description.isEmpty()) {
      description = Optional.of(DatasetDescription.inMemory(this));
    }
    return description.get();
  }

  /**
   * Looks at the sizes and times of mapped files; trainings and inferences do before each epoch and
   * each pass.
   *
   * @throws BadInputException if another program has changed one since it was opened
   */
  @Internal
  public void requireUnchanged() {
    files.requireUnchanged();
  }

  /** 16 hex digits that identify the content: graph, features, labels and splits. */
  public String fingerprint() {
    return description().fingerprint();
  }

  public CsrGraph graph() {
    return graph;
  }

  /** The attributes of the graph's edges; often there are none. */
  public EdgeAttributes edges() {
    return edges;
  }

  public boolean hasFeatures() {
    return features.isPresent() || part.isPresent();
  }

  /**
   * Row {@code v} belongs to node {@code v}.
   *
   * @throws BadInputException if the dataset has no features, or those of one part of its nodes
   */
  public FeatureMatrix features() {
    part.ifPresent(
        it -> {
          throw BadInputException.of(
              "a part of a dataset has the features of some nodes, so all that can be done with it"
                  + " is to train it with ranks that have the other parts",
              "dataset",
              name,
              "part",
              it.number(),
              "parts",
              it.numParts());
        });
    return features.orElseThrow(
        () -> BadInputException.of("dataset has no features", "dataset", name));
  }

  /** Whose features the dataset has, if it is a part of one. */
  @Internal
  public Optional<DatasetPart> part() {
    return part;
  }

  /** The feature rows that are here: those of the part, if it is one; otherwise of all nodes. */
  @Internal
  public FeatureMatrix rowsHere() {
    return part.map(DatasetPart::rows).orElseGet(this::features);
  }

  public boolean hasLabels() {
    return labels.isPresent();
  }

  /** The class of every node; a clear error if the dataset has no labels. */
  public NodeLabels labels() {
    return labels.orElseThrow(() -> BadInputException.of("dataset has no labels", "dataset", name));
  }

  public boolean hasTargets() {
    return targets.isPresent();
  }

  /** The numbers to predict of every node; a clear error if the dataset has no targets. */
  public NodeLabels targets() {
    return targets.orElseThrow(
        () -> BadInputException.of("dataset has no targets", "dataset", name));
  }

  /**
   * The same dataset, with its targets in the place of the labels. It shares everything with this
   * one, which stays the owner.
   *
   * @throws BadInputException if the dataset has no targets
   */
  @Internal
  public GraphDataset withTargetsAsLabels() {
    Builder view = new Builder(name, graph);
    view.edges = edges;
    view.features = features;
    view.part = part;
    view.labels = Optional.of(targets());
    view.splits.putAll(splits);
    view.dictionary = dictionary;
    view.files = files;
    view.description = Optional.of(description());
    return new GraphDataset(view, arena);
  }

  public boolean hasSplit(Split split) {
    return splits.containsKey(split);
  }

  /** The nodes of a split, in the file's order; a clear error if the dataset has no such split. */
  public int[] nodes(Split split) {
    if (!hasSplit(split)) {
      throw BadInputException.of(
          "dataset has no such split", "dataset", name, "split", split.fileName());
    }
    return splits.get(split).clone();
  }

  /** The names of the nodes in the source of the dataset, if they are not node ids there. */
  public Optional<NodeDictionary> dictionary() {
    return dictionary;
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
    private EdgeAttributes edges = EdgeAttributes.NONE;
    private Optional<FeatureMatrix> features = Optional.empty();
    private Optional<DatasetPart> part = Optional.empty();
    private Optional<NodeLabels> labels = Optional.empty();
    private Optional<NodeLabels> targets = Optional.empty();
    private FileStamps files = FileStamps.NONE;
    private Optional<DatasetDescription> description = Optional.empty();
    private Optional<NodeDictionary> dictionary = Optional.empty();
    private Optional<Arena> arena = Optional.empty();
    private Object where;

    private Builder(String name, CsrGraph graph) {
      this.name = name;
      this.graph = graph;
      this.where = name;
    }

    /**
     * The attributes of the graph's edges, in the order of its {@code indices}; none by default.
     *
     * @throws BadInputException if a column has not one row per edge
     */
    public Builder edges(EdgeAttributes value) {
      value.requireRows(where, graph.numEdges());
      edges = value;
      return this;
    }

    public Builder features(FeatureMatrix value) {
      requireNodes("features", value.numNodes());
      features = Optional.of(value);
      return this;
    }

    /** Features of one part of the nodes, in the place of those of all. */
    @Internal
    public Builder part(DatasetPart value) {
      requireNodes("assignment", value.numNodes());
      part = Optional.of(value);
      return this;
    }

    public Builder labels(NodeLabels value) {
      requireNodes("labels", value.numNodes());
      if (value.isTargets()) {
        throw BadInputException.of("labels must be classes, not targets", "dataset", name);
      }
      labels = Optional.of(value);
      return this;
    }

    /**
     * Numbers to predict, for a regression; a dataset may have labels, too.
     *
     * @throws BadInputException if there is not one row per node, or these are labels
     */
    public Builder targets(NodeLabels value) {
      requireNodes("targets", value.numNodes());
      if (!value.isTargets()) {
        throw BadInputException.of("targets must be numbers, not labels", "dataset", name);
      }
      targets = Optional.of(value);
      return this;
    }

    /**
     * As {@link #targets(NodeLabels)}.
     *
     * @param values {@code [numNodes x numTargets]}, row-major, wrapped without a copy; NaN is not
     *     known
     */
    public Builder targets(float[] values, int numTargets) {
      return targets(NodeLabels.targets(numTargets, values));
    }

    public Builder split(Split split, int... nodes) {
      splits.put(split, nodes.clone());
      return this;
    }

    /** The arena that holds the parts; the dataset closes it. */
    public Builder owning(Arena value) {
      arena = Optional.of(value);
      return this;
    }

    /**
     * The name of each node in the source of the dataset, for {@link GraphDataset#dictionary}; none
     * by default. They are copied.
     *
     * @throws BadInputException if there is not one name per node, two are the same, or one is
     *     longer than {@link NodeDictionary#MAX_NAME_BYTES}
     */
    public Builder names(List<String> value) {
      requireNodes("names", value.size());
      NodeNames names = NodeNames.of(name, value);
      NameIndex index = NameIndex.inMemory(names, Arena.ofAuto(), Progress.NONE);
      return dictionary(new NodeDictionary(names, _ -> index));
    }

    /** The dictionary of another dataset with the same nodes. */
    @Internal
    public Builder dictionary(NodeDictionary value) {
      requireNodes("dictionary", value.numNodes());
      dictionary = Optional.of(value);
      return this;
    }

    Builder opened(Path directory, DatasetDescription value, Arena mapped, FileStamps mappedFiles) {
      files = mappedFiles;
      where = directory;
      description = Optional.of(value);
      return owning(mapped);
    }

    /**
     * @throws BadInputException if a split has ids out of range, an id twice, or shares one with
     *     another split
     */
    public GraphDataset build() {
      DatasetChecks.splits(where, splits, graph.numNodes());
      return new GraphDataset(this, arena.orElseGet(Arena::ofShared));
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
