package io.millrace.datasets;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Reads {@code node-label.csv} of an OGB csv folder: the class of a node per line, or, if the first
 * line has several values, whether the node has each of several labels. A value is written as an
 * integer or as a float; NaN and -1 mean unlabelled, and so does a line without a class.
 */
final class OgbLabels {
  private OgbLabels() {}

  static NodeLabels read(Path file, int numNodes) {
    return numColumns(file) > 1 ? severalLabels(file, numNodes) : classes(file, numNodes);
  }

  private static int numColumns(Path file) {
    try (CsvReader csv = CsvReader.open(file)) {
      return csv.nextLine() ? csv.countColumns() : 1;
    }
  }

  private static NodeLabels classes(Path file, int numNodes) {
    int[] labels = new int[numNodes];
    int max = 0;
    try (CsvReader csv = CsvReader.open(file)) {
      while (csv.nextLine()) {
        OgbCsv.requireLines(csv, numNodes);
        int label = NodeLabels.UNLABELLED;
        if (!csv.atLineEnd()) {
          label = label(csv, NodeLabels.MAX_CLASSES - 1);
          csv.endLine();
        }
        labels[(int) csv.line() - 1] = label;
        max = Math.max(max, label);
      }
      OgbCsv.requireAllLines(csv, numNodes);
    }
    return NodeLabels.of(max + 1, labels);
  }

  private static NodeLabels severalLabels(Path file, int numNodes) {
    int numColumns = numColumns(file);
    MemorySegment values = MemorySegment.ofArray(new long[longs((long) numNodes * numColumns)]);
    try (CsvReader csv = CsvReader.open(file)) {
      while (csv.nextLine()) {
        OgbCsv.requireLines(csv, numNodes);
        long row = (csv.line() - 1) * numColumns;
        for (int column = 0; column < numColumns; column++) {
          values.set(JAVA_BYTE, row + column, (byte) label(csv, 1));
        }
        csv.endLine();
      }
      OgbCsv.requireAllLines(csv, numNodes);
    }
    return NodeLabels.multiLabel(numColumns, values.asSlice(0, (long) numNodes * numColumns));
  }

  /** Of an array of longs, since an array of bytes ends at 2 GiB. */
  private static int longs(long bytes) {
    return Math.toIntExact(Math.ceilDiv(bytes, Long.BYTES));
  }

  private static int label(CsvReader csv, int max) {
    return ClassLabel.of(csv.nextFloat(), max, csv);
  }
}
