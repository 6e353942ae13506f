package io.millrace.datasets.formats.ogb;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.DatasetChecks;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.datasets.download.Address;
import io.millrace.datasets.formats.DatasetImport;
import io.millrace.datasets.formats.EdgeInput;
import io.millrace.datasets.formats.SourceTables;
import io.millrace.datasets.formats.features.FeatureSource;
import io.millrace.datasets.platform.YamlFields;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** An OGB node-property dataset as tables. The next class to read is {@link OgbFolder}. */
final class OgbTables implements SourceTables {
  static final String META = "meta.json";

  private final OgbFolder folder;
  private final OgbRaw raw;
  private final Progress progress;

  private OgbTables(OgbFolder folder, OgbRaw raw, Progress progress) {
    this.folder = folder;
    this.raw = raw;
    this.progress = progress;
  }

  static OgbTables open(OgbFolder folder, Progress progress) {
    OgbRaw raw =
        Files.exists(OgbBinary.archive(folder)) ? OgbBinary.open(folder) : new OgbCsv(folder);
    return new OgbTables(folder, raw, progress);
  }

  void requireGraph(OgbArchive archive) {
    if (raw.numNodes() != archive.numNodes() || raw.numEdges() != archive.numEdges()) {
      throw BadInputException.of(
          "archive does not hold the graph that its name says",
          "name",
          archive.name(),
          "url",
          Address.shown(archive.url()),
          "numNodes",
          raw.numNodes(),
          "needNodes",
          archive.numNodes(),
          "numEdges",
          raw.numEdges(),
          "needEdges",
          archive.numEdges());
    }
  }

  @Override
  public int numNodes() {
    return raw.numNodes();
  }

  @Override
  public Map<Split, int[]> splits() {
    return folder.split().map(this::splits).orElse(Map.of());
  }

  private Map<Split, int[]> splits(Path path) {
    Map<Split, int[]> splits = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      splits.put(split, OgbCsv.nodes(OgbFolder.require(path, split.fileName()), numNodes()));
    }
    DatasetChecks.splits(path, splits, numNodes());
    return splits;
  }

  @Override
  public Optional<NodeLabels> labels() {
    return raw.labels();
  }

  @Override
  public EdgeInput edges(Path scratch, Progress to) {
    return raw.edges(scratch, to);
  }

  @Override
  public Optional<FeatureSource> features(Path scratch) {
    return raw.features(scratch);
  }

  @Override
  public String name() {
    return DatasetImport.nameOf(folder.path());
  }

  @Override
  public String source() {
    return meta("source").orElse("OGB folder " + name());
  }

  @Override
  public Optional<String> licence() {
    return meta("licence").or(() -> meta("license"));
  }

  /**
   * A text from {@code meta.json}, which is not part of OGB's layout but is often stored with it.
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
      progress.note(META + " is ignored: " + e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    raw.close();
  }
}
