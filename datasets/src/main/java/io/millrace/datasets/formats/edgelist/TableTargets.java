package io.millrace.datasets.formats.edgelist;

import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.text.TextFormat;
import java.util.Arrays;
import java.util.List;

/** The targets of a node table: columns of numbers, NaN where a field is missing. One thread. */
final class TableTargets {
  private final List<String> names;
  private final int[] columns;
  private final double[] row = new double[1];
  private float[] values = new float[1024];
  private int size;

  TableTargets(TextFormat format, int[] columns) {
    this.columns = columns;
    names = Arrays.stream(columns).mapToObj(format::columnName).toList();
  }

  /** Reads the targets of the next node. */
  void add(TableReader rows) {
    for (int column : columns) {
      new FeatureColumn(column, 1).read(rows, row, 0);
      float value = (float) row[0];
      if (Float.isInfinite(value)) {
        throw rows.errorAt(column, "target must be finite, or missing", "value", row[0]);
      }
      if (size == values.length) {
        values = Arrays.copyOf(values, Math.toIntExact(Math.min(2L * size, Integer.MAX_VALUE - 8)));
      }
      values[size++] = value;
    }
  }

  /** All targets, {@code [numNodes x columns]}. */
  NodeLabels targets() {
    return NodeLabels.targets(columns.length, Arrays.copyOf(values, size)).withClassNames(names);
  }
}
