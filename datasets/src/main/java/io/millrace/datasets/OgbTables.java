package io.millrace.datasets;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** Reads the small files of an OGB csv folder. */
final class OgbTables {
  private OgbTables() {}

  /** The only number of {@code num-node-list} or {@code num-edge-list}. */
  static long count(Path file, long min, long max) {
    try (CsvReader csv = CsvReader.open(file)) {
      if (!csv.nextLine()) {
        throw BadInputException.of("file is empty", "file", file);
      }
      long count = csv.nextLong();
      csv.endLine();
      if (count < min || count > max) {
        throw csv.error("count out of range", "count", count, "min", min, "max", max);
      }
      if (csv.nextLine()) {
        throw csv.error("folder holds more than one graph");
      }
      return count;
    }
  }

  /** One label per line, as an integer or as a float; empty, NaN and -1 mean unlabelled. */
  static NodeLabels labels(Path file, int numNodes) {
    int[] labels = new int[numNodes];
    int max = 0;
    try (CsvReader csv = CsvReader.open(file)) {
      while (csv.nextLine()) {
        requireLines(csv, numNodes);
        int label = csv.atLineEnd() ? NodeLabels.UNLABELLED : label(csv);
        labels[(int) csv.line() - 1] = label;
        max = Math.max(max, label);
      }
      requireAllLines(csv, numNodes);
    }
    return NodeLabels.of(max + 1, labels);
  }

  private static int label(CsvReader csv) {
    float value = csv.nextFloat();
    csv.endLine();
    if (Float.isNaN(value)) {
      return NodeLabels.UNLABELLED;
    }
    int label = (int) value;
    if (label != value || label < NodeLabels.UNLABELLED || label >= NodeLabels.MAX_CLASSES) {
      throw csv.error(
          "label must be a whole number of at least 0",
          "label",
          value,
          "max",
          NodeLabels.MAX_CLASSES - 1);
    }
    return label;
  }

  static Map<Split, int[]> splits(Path folder, int numNodes) {
    Map<Split, int[]> splits = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      splits.put(split, nodes(OgbFolder.require(folder, split.fileName()), numNodes));
    }
    DatasetChecks.splits(folder, splits, numNodes);
    return splits;
  }

  private static int[] nodes(Path file, int numNodes) {
    IntArrayList nodes = new IntArrayList();
    try (CsvReader csv = CsvReader.open(file)) {
      while (csv.nextLine()) {
        nodes.add(csv.nextId("split node out of range", numNodes, "numNodes"));
        csv.endLine();
      }
    }
    return Arrays.copyOf(nodes.elements(), nodes.size());
  }

  /** At each line: fails at the first line too many. */
  static void requireLines(CsvReader csv, long numLines) {
    if (csv.line() > numLines) {
      throw csv.error("too many lines", "need", numLines);
    }
  }

  /** At the end. */
  static void requireAllLines(CsvReader csv, long numLines) {
    if (csv.line() != numLines) {
      throw BadInputException.of(
          "too few lines", "file", csv.file(), "lines", csv.line(), "need", numLines);
    }
  }
}
