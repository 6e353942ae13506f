package io.millrace.datasets;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.Checksums;
import io.millrace.datasets.platform.FileEntry;
import io.millrace.datasets.platform.YamlFields;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * {@code dataset.yaml} as text, to and from {@link DatasetDescription}.
 *
 * <p>Unknown keys are ignored, so that later versions can add some; {@code format} rises only when
 * older readers would misread the files.
 */
final class DescriptionYaml {
  private static final int FORMAT = 1;
  private static final String ROUNDING = "feature_rounding";
  private static final String IMPORT = "import";
  private static final String PART = "part";
  private static final String CHECKSUM = "sha256: ";

  private DescriptionYaml() {}

  static String write(DatasetDescription description) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("format", FORMAT);
    map.put("name", description.name());
    map.put("num_nodes", description.numNodes());
    map.put("num_edges", description.numEdges());
    map.put("directed", description.directed());
    description
        .features()
        .ifPresent(
            features -> {
              map.put("feature_dim", features.dim());
              map.put("feature_dtype", features.type().name().toLowerCase(Locale.ROOT));
              features.rounding().ifPresent(rounding -> map.put(ROUNDING, map(rounding)));
              features.part().ifPresent(part -> map.put(PART, map(part)));
            });
    description.numClasses().ifPresent(value -> map.put("num_classes", value));
    if (!description.classNames().isEmpty()) {
      map.put("class_names", description.classNames());
    }
    description
        .targets()
        .ifPresent(
            targets -> {
              map.put("num_targets", targets.count());
              if (!targets.names().isEmpty()) {
                map.put("target_names", targets.names());
              }
            });
    map.put("source", description.source());
    description.licence().ifPresent(value -> map.put("licence", value));
    description.findings().ifPresent(findings -> map.put(IMPORT, findings.map()));
    Map<String, Object> files = new LinkedHashMap<>();
    description.files().forEach((path, entry) -> files.put(path, map(entry)));
    map.put("files", files);
    DumpSettings settings =
        DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).setWidth(100).build();
    String text = new Dump(settings).dumpToString(map);
    return CHECKSUM + Checksums.sha256Hex(text) + "\n" + text;
  }

  static DatasetDescription read(Path file) {
    String text = YamlFields.read(file);
    requireChecksum(file, text);
    YamlFields fields = YamlFields.of(file, text);
    int format = fields.integer("format", 0, Integer.MAX_VALUE);
    if (format != FORMAT) {
      throw BadInputException.of(
          "dataset is of another version", "file", file, "format", format, "need", FORMAT);
    }
    int numNodes = fields.integer("num_nodes", 0, Integer.MAX_VALUE - 1);
    Optional<DatasetDescription.Features> features =
        fields.has("feature_dim")
            ? Optional.of(
                new DatasetDescription.Features(
                    fields.integer("feature_dim", 1, Integer.MAX_VALUE),
                    featureType(fields),
                    rounding(fields),
                    part(fields, numNodes)))
            : Optional.empty();
    OptionalInt numClasses =
        fields.has("num_classes")
            ? OptionalInt.of(fields.integer("num_classes", 1, NodeLabels.MAX_CLASSES))
            : OptionalInt.empty();
    Map<String, FileEntry> files = new LinkedHashMap<>();
    for (Object path : fields.map("files").keySet()) {
      requireInside(fields, path.toString());
      files.put(path.toString(), entry(fields.child("files").child(path.toString())));
    }
    return new DatasetDescription(
        fields.text("name"),
        numNodes,
        fields.number("num_edges", 0, Long.MAX_VALUE),
        fields.bool("directed"),
        features,
        numClasses,
        fields.texts("class_names"),
        targets(fields),
        fields.text("source"),
        fields.has("licence") ? Optional.of(fields.text("licence")) : Optional.empty(),
        fields.has(IMPORT)
            ? Optional.of(ImportFindings.read(fields.child(IMPORT)))
            : Optional.empty(),
        files);
  }

  private static Map<String, Object> map(FileEntry entry) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("bytes", entry.bytes());
    map.put("sha256", entry.sha256());
    return map;
  }

  private static FileEntry entry(YamlFields fields) {
    return new FileEntry(fields.number("bytes", 0, Long.MAX_VALUE), fields.text("sha256"));
  }

  private static Map<String, Object> map(DatasetDescription.Part part) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("number", part.number());
    map.put("parts", part.numParts());
    map.put("rows", part.numRows());
    map.put("all_features", map(part.whole()));
    return map;
  }

  private static Optional<DatasetDescription.Part> part(YamlFields fields, int numNodes) {
    if (!fields.has(PART)) {
      return Optional.empty();
    }
    YamlFields part = fields.child(PART);
    int numParts = part.integer("parts", 1, Short.MAX_VALUE);
    return Optional.of(
        new DatasetDescription.Part(
            part.integer("number", 0, numParts - 1),
            numParts,
            part.integer("rows", 0, numNodes),
            entry(part.child("all_features"))));
  }

  private static Optional<DatasetDescription.Targets> targets(YamlFields fields) {
    return fields.has("num_targets")
        ? Optional.of(
            new DatasetDescription.Targets(
                fields.integer("num_targets", 1, NodeLabels.MAX_CLASSES),
                fields.texts("target_names")))
        : Optional.empty();
  }

  private static Map<String, Object> map(RoundingError rounding) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("max_absolute", rounding.maxAbsolute());
    map.put("max_relative", rounding.maxRelative());
    return map;
  }

  private static Optional<RoundingError> rounding(YamlFields fields) {
    if (!fields.has(ROUNDING)) {
      return Optional.empty();
    }
    YamlFields rounding = fields.child(ROUNDING);
    return Optional.of(
        new RoundingError(rounding.real("max_absolute"), rounding.real("max_relative")));
  }

  /** The first line has the checksum of all others; earlier versions wrote no such line. */
  private static void requireChecksum(Path file, String text) {
    int end = text.indexOf('\n') + 1;
    if (text.startsWith(CHECKSUM) && end > 0) {
      String need = text.substring(CHECKSUM.length(), end).strip();
      Checksums.require(file, Checksums.sha256Hex(text.substring(end)), need);
    }
  }

  private static void requireInside(YamlFields fields, String file) {
    try {
      Path path = Path.of(file);
      if (!path.isAbsolute() && path.equals(path.normalize()) && !path.startsWith("..")) {
        return;
      }
    } catch (InvalidPathException _) {
      // refused below
    }
    throw fields.wrong("files", file, "paths in the dataset's directory");
  }

  private static FeatureType featureType(YamlFields fields) {
    String name = fields.text("feature_dtype");
    return switch (name) {
      case "float32" -> FeatureType.FLOAT32;
      case "float16" -> FeatureType.FLOAT16;
      default -> throw fields.wrong("feature_dtype", name, "float32 or float16");
    };
  }
}
