package io.millrace.datasets;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads OGB's raw csv folder of a node-property dataset and writes a dataset directory.
 *
 * <p>Features and edges are streamed, see {@link CsrBuilder}. The next class to read is {@link
 * OgbFolder}, which says what lies where.
 */
public final class OgbImporter {
  private static final String META = "meta.json";

  private final OgbFolder folder;
  private final OgbOptions options;
  private final BuildMemory memory;
  private final Progress progress;

  private OgbImporter(OgbFolder folder, OgbOptions options, BuildMemory memory, Progress progress) {
    this.folder = folder;
    this.options = options;
    this.memory = memory;
    this.progress = progress;
  }

  /**
   * @param source the folder that holds {@code raw/} and {@code split/}
   * @param out the dataset directory to make; must not exist
   * @return what was written
   * @throws BadInputException if {@code out} exists, or the source is not as it should be (the
   *     message names file and line); nothing is left at {@code out}
   */
  public static DatasetDescription importFolder(
      Path source, Path out, OgbOptions options, Progress progress) {
    return importFolder(source, out, options, BuildMemory.ofAvailable(), progress);
  }

  /** As above, within the given memory. */
  public static DatasetDescription importFolder(
      Path source, Path out, OgbOptions options, BuildMemory memory, Progress progress) {
    OgbFolder folder = OgbFolder.open(source, options.split());
    try (DatasetWriter writer = DatasetWriter.create(out)) {
      return new OgbImporter(folder, options, memory, progress).importTo(writer);
    }
  }

  /** The small files come first, so that most mistakes show before the long part. */
  private DatasetDescription importTo(DatasetWriter writer) {
    int numNodes = (int) OgbTables.count(folder.require("num-node-list"), 1, Integer.MAX_VALUE - 1);
    long numEdges = OgbTables.count(folder.require("num-edge-list"), 0, Long.MAX_VALUE);
    Map<Split, int[]> splits =
        folder.split().map(split -> OgbTables.splits(split, numNodes)).orElse(Map.of());
    splits.forEach((split, nodes) -> writer.write(DatasetPart.of(split, nodes)));
    Optional<NodeLabels> labels =
        folder.find("node-label").map(file -> OgbLabels.read(file, numNodes));
    labels.ifPresent(values -> writer.write(DatasetPart.of(values)));
    long writtenEdges = writeGraph(writer, numNodes, numEdges);
    Optional<DatasetDescription.Features> features =
        folder
            .find("node-feat")
            .map(file -> new OgbFeatures(file, numNodes, options, progress).writeTo(writer));
    return writer.commit(
        new DatasetDescription(
            options.name().orElseGet(this::folderName),
            numNodes,
            writtenEdges,
            !options.undirected(),
            features,
            labels.map(values -> OptionalInt.of(values.numClasses())).orElse(OptionalInt.empty()),
            meta("source").orElse("OGB csv folder " + folderName()),
            meta("licence").or(() -> meta("license")),
            Map.of()));
  }

  private long writeGraph(DatasetWriter writer, int numNodes, long numEdges) {
    try (OgbEdges edges = new OgbEdges(folder.require("edge"), numNodes, numEdges);
        CsrBuilder builder =
            CsrBuilder.read(edges, numNodes, options.edgeOptions(), memory, writer, progress)) {
      return builder.writeTo(writer, numNodes);
    }
  }

  private String folderName() {
    return folder.path().toAbsolutePath().normalize().getFileName().toString();
  }

  /**
   * A text from {@code meta.json}, which is not part of OGB's layout but often stands beside it.
   */
  private Optional<String> meta(String key) {
    Path file = folder.path().resolve(META);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      YamlFields meta = YamlFields.load(file);
      return meta.has(key) ? Optional.of(meta.text(key)) : Optional.empty();
    } catch (BadInputException e) {
      progress.note(META + " is left out: " + e.getMessage());
      return Optional.empty();
    }
  }
}
