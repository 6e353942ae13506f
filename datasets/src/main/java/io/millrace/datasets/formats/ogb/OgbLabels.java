package io.millrace.datasets.formats.ogb;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.formats.ClassLabel;
import io.millrace.datasets.text.CsvReader;
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
    int numColumns = numColumns(file, numNodes);
    return numColumns > 1 ? severalLabels(file, numNodes, numColumns) : classes(file, numNodes);
  }

  /**
   * Reads all lines first, because the arrays for the labels are as large as the claimed number of
   * nodes.
   */
  private static int numColumns(Path file, int numNodes) {
    int columns = 1;
    try (CsvReader csv = CsvReader.open(file)) {
      while (csv.nextLine()) {
        OgbCsv.requireLines(csv, numNodes);
        columns = csv.line() == 1 ? csv.countColumns() : columns;
      }
      OgbCsv.requireAllLines(csv, numNodes);
    }
    return columns;
  }

  private static NodeLabels classes(Path file, int numNodes) {
    int[] labels = new int[numNodes];
    int max = 0;
    try (CsvReader csv = CsvReader.open(file)) {
      for (int node = 0; node < numNodes && csv.nextLine(); node++) {
        labels[node] = NodeLabels.UNLABELLED;
        if (!csv.atLineEnd()) {
          labels[node] = label(csv, NodeLabels.MAX_CLASSES - 1);
          csv.endLine();
        }
        max = Math.max(max, labels[node]);
      }
    }
    return NodeLabels.of(max + 1, labels);
  }

  private static NodeLabels severalLabels(Path file, int numNodes, int numColumns) {
    MemorySegment values = ClassLabel.matrix(numNodes, numColumns);
    try (CsvReader csv = CsvReader.open(file)) {
      for (long row = 0; row < values.byteSize() && csv.nextLine(); row += numColumns) {
        for (int column = 0; column < numColumns; column++) {
          values.set(JAVA_BYTE, row + column, (byte) label(csv, 1));
        }
        csv.endLine();
      }
    }
    return NodeLabels.multiLabel(numColumns, values);
  }

  private static int label(CsvReader csv, int max) {
    return ClassLabel.of((float) csv.nextDouble(), max, csv);
  }
}
