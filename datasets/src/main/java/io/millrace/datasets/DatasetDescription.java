package io.millrace.datasets;

import io.millrace.Internal;
import io.millrace.datasets.platform.Checksums;
import io.millrace.datasets.platform.FileEntry;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The content of {@code dataset.yaml}: the counts, types and checksums of a dataset directory's
 * files.
 *
 * <p>Immutable value. {@code DescriptionYaml} reads and writes it.
 *
 * @param name the dataset's name
 * @param numNodes nodes
 * @param numEdges entries of {@code indices}, reverse edges included
 * @param directed false if every edge is also stored in the other direction
 * @param features shape and type of the feature rows, if there are any
 * @param numClasses classes of the labels, if there are labels
 * @param classNames a name for each class; empty if they have none
 * @param targets number and names of the targets, if there are any
 * @param source where the data came from, in words
 * @param licence the data's licence, if known
 * @param findings what an import of text tables found out about them; empty for other sources, and
 *     for datasets of versions that did not keep it
 * @param files per file, by its path inside the directory: size and checksum; sorted by path
 */
public record DatasetDescription(
    String name,
    int numNodes,
    long numEdges,
    boolean directed,
    Optional<Features> features,
    OptionalInt numClasses,
    List<String> classNames,
    Optional<Targets> targets,
    String source,
    Optional<String> licence,
    Optional<ImportFindings> findings,
    Map<String, FileEntry> files) {

  /** The file of a dataset directory that holds this description. */
  public static final String FILE_NAME = "dataset.yaml";

  /** Copies the names; sorts and copies the files. */
  public DatasetDescription {
    classNames = List.copyOf(classNames);
    files = Collections.unmodifiableMap(new TreeMap<>(files));
  }

  /**
   * @param dim values per row
   * @param type how a value is stored
   * @param rounding the error of rounding the source's values to that type, if known
   * @param part which nodes have rows here, if these are not all nodes
   */
  public record Features(
      int dim, FeatureType type, Optional<RoundingError> rounding, Optional<Part> part) {
    @Internal
    public Features(int dim, FeatureType type) {
      this(dim, type, Optional.empty());
    }

    @Internal
    public Features(int dim, FeatureType type, Optional<RoundingError> rounding) {
      this(dim, type, rounding, Optional.empty());
    }

    Features with(Part value) {
      return new Features(dim, type, rounding, Optional.of(value));
    }

    /** Puts them into the result of a command; the error of rounding only if it is known. */
    @Internal
    public void putInto(Map<String, Object> result) {
      result.put("feature_dim", dim);
      result.put("feature_dtype", type.name().toLowerCase(Locale.ROOT));
      rounding.ifPresent(
          error -> {
            result.put("feature_max_absolute_error", error.maxAbsolute());
            result.put("feature_max_relative_error", error.maxRelative());
          });
    }
  }

  /**
   * A part of the feature rows of a dataset.
   *
   * @param number which part, from 0
   * @param numParts how many there are
   * @param numRows rows that this part has
   * @param whole size and checksum of the file with all rows, by which parts that belong together
   *     are recognised
   */
  public record Part(int number, int numParts, int numRows, FileEntry whole) {}

  /**
   * @param count numbers per node
   * @param names of the targets; empty if they have none
   */
  public record Targets(int count, List<String> names) {
    public Targets {
      names = List.copyOf(names);
    }

    @Internal
    public static Targets of(NodeLabels targets) {
      return new Targets(targets.numClasses(), targets.classNames());
    }
  }

  /**
   * 16 hex digits that identify the content: equal for datasets with equal files, whatever their
   * name, place and source. A part has those of the whole dataset.
   */
  public String fingerprint() {
    var digest = Checksums.sha256();
    files.forEach(
        (path, entry) -> {
          if (!DatasetFile.DERIVED.contains(path)) {
            String sha256 = whole(path, entry).sha256();
            digest.update((path + " " + sha256 + "\n").getBytes(StandardCharsets.UTF_8));
          }
        });
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  private FileEntry whole(String path, FileEntry entry) {
    return path.equals(DatasetFile.FEATURES.path()) ? part().map(Part::whole).orElse(entry) : entry;
  }

  /** Which part of a dataset this is, if it is not whole. */
  public Optional<Part> part() {
    return features.flatMap(Features::part);
  }

  /** The description of a part of this dataset, whose files are set later. */
  @Internal
  public DatasetDescription part(int number, int numParts, int numRows) {
    Part part = new Part(number, numParts, numRows, files.get(DatasetFile.FEATURES.path()));
    return with(features.map(it -> it.with(part)), Map.of());
  }

  /** The description of a dataset that is not on disk: its checksums are computed here. */
  static DatasetDescription inMemory(GraphDataset dataset) {
    Map<String, FileEntry> files = new TreeMap<>();
    DatasetArray.of(dataset).forEach(part -> files.put(part.path(), part.entry()));
    return new DatasetDescription(
        dataset.name(),
        dataset.graph().numNodes(),
        dataset.graph().numEdges(),
        asymmetry(dataset.graph()) != 0,
        dataset.hasFeatures()
            ? Optional.of(new Features(dataset.features().dim(), dataset.features().type()))
            : Optional.empty(),
        dataset.hasLabels() ? OptionalInt.of(dataset.labels().numClasses()) : OptionalInt.empty(),
        dataset.hasLabels() ? dataset.labels().classNames() : List.of(),
        dataset.hasTargets() ? Optional.of(Targets.of(dataset.targets())) : Optional.empty(),
        "in memory",
        Optional.empty(),
        Optional.empty(),
        files);
  }

  private static long asymmetry(CsrGraph graph) {
    return IntStream.range(0, graph.numNodes()).mapToLong(graph::asymmetry).sum();
  }

  DatasetDescription withFiles(Map<String, FileEntry> value) {
    return with(features, value);
  }

  private DatasetDescription with(Optional<Features> shape, Map<String, FileEntry> entries) {
    return new DatasetDescription(
        name,
        numNodes,
        numEdges,
        directed,
        shape,
        numClasses,
        classNames,
        targets,
        source,
        licence,
        findings,
        entries);
  }

  /** Bytes of all files together. */
  public long totalBytes() {
    return files.values().stream().mapToLong(FileEntry::bytes).sum();
  }
}
