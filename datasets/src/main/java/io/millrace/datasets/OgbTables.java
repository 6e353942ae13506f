package io.millrace.datasets;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** Reads the small files of an OGB csv folder, but for the labels: {@link OgbLabels}. */
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
