package io.millrace.datasets.formats.graphbolt;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.YamlFields;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * GraphBolt's {@code metadata.yaml} of an OnDiskDataset with one node type and one edge type.
 *
 * <pre>
 *   graph:         nodes: [{num}]   edges: [{format, path}]                  numpy [2, E], or csv
 *                  feature_data: [{domain: edge, name, format, path}]        what sampling looks at
 *   feature_data:  [{domain: node or edge, name, format, path}]
 *   tasks:         [{name, num_classes, train_set, validation_set, test_set: [{data: [seeds, labels]}]}]
 * </pre>
 */
final class GraphBoltMetadata {
  static final String FILE = "metadata.yaml";

  /** How GraphBolt stores an array. */
  enum Format {
    NUMPY,
    CSV
  }

  /** A file that metadata names. */
  record Entry(Path file, Format format) {}

  private final YamlFields root;
  private final Path folder;

  private GraphBoltMetadata(Path folder) {
    this.folder = folder;
    root = YamlFields.load(folder.resolve(FILE));
  }

  static GraphBoltMetadata open(Path folder) {
    if (!Files.isRegularFile(folder.resolve(FILE))) {
      throw BadInputException.of("not a GraphBolt dataset", "path", folder, "missing", FILE);
    }
    return new GraphBoltMetadata(folder);
  }

  Optional<String> name() {
    return root.has("dataset_name") ? Optional.of(root.text("dataset_name")) : Optional.empty();
  }

  int numNodes() {
    return only(root.child("graph"), "nodes").integer("num", 1, Integer.MAX_VALUE - 1);
  }

  Entry edges() {
    return entry(only(root.child("graph"), "edges"));
  }

  /** The features of nodes, in the order of the file. */
  List<YamlFields> nodeFeatures() {
    return features("node");
  }

  /** An array with one row per edge, by its name. */
  Entry edgeData(String name) {
    List<YamlFields> all = features("edge");
    return all.stream()
        .filter(data -> nameOf(data).equals(name))
        .findFirst()
        .map(this::entry)
        .orElseThrow(
            () ->
                BadInputException.of(
                    "no such edge data",
                    "file",
                    root.file(),
                    "name",
                    name,
                    "available",
                    all.stream().map(GraphBoltMetadata::nameOf).toList()));
  }

  private List<YamlFields> features(String domain) {
    return Stream.of(root.list("feature_data"), root.child("graph").list("feature_data"))
        .flatMap(List::stream)
        .filter(data -> data.text("domain").equals(domain))
        .toList();
  }

  /**
   * @param name empty = the only one
   */
  Optional<YamlFields> task(Optional<String> name) {
    List<YamlFields> tasks = root.list("tasks");
    List<String> names = tasks.stream().map(GraphBoltMetadata::nameOf).toList();
    if (name.isPresent() && !names.contains(name.get())) {
      throw BadInputException.of(
          "no such task", "file", root.file(), "task", name.get(), "available", names);
    }
    if (name.isEmpty() && tasks.size() > 1) {
      throw BadInputException.of(
          "more than one task, name one of them", "file", root.file(), "tasks", names);
    }
    return tasks.stream().filter(t -> name.isEmpty() || nameOf(t).equals(name.get())).findFirst();
  }

  static String nameOf(YamlFields fields) {
    return fields.has("name") ? fields.text("name") : "";
  }

  /**
   * One part of a task's set, {@code seeds} or {@code labels}; older files say {@code seed_nodes}.
   */
  Optional<Entry> setPart(YamlFields task, String set, String... names) {
    if (!task.has(set)) {
      return Optional.empty();
    }
    for (YamlFields part : only(task, set).list("data")) {
      if (List.of(names).contains(nameOf(part))) {
        return Optional.of(entry(part));
      }
    }
    return Optional.empty();
  }

  Entry entry(YamlFields fields) {
    Path file = fields.path("path", folder);
    return switch (fields.text("format")) {
      case "numpy" -> new Entry(file, Format.NUMPY);
      case "csv" -> new Entry(file, Format.CSV);
      case "torch" ->
          throw BadInputException.of(
              "torch files cannot be read; convert with: python -c \"import numpy, torch;"
                  + " numpy.save('X.npy', torch.load('X.pt').numpy())\", then name X.npy and format"
                  + " numpy in "
                  + FILE,
              "file",
              file);
      case String other -> throw fields.wrong("format", other, "numpy or csv");
    };
  }

  private YamlFields only(YamlFields fields, String key) {
    List<YamlFields> entries = fields.list(key);
    if (entries.size() != 1) {
      throw BadInputException.of(
          "graph must have one node type and one edge type",
          "file",
          root.file(),
          "key",
          key,
          "entries",
          entries.size());
    }
    return entries.getFirst();
  }
}
