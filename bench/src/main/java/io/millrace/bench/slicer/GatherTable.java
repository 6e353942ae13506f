package io.millrace.bench.slicer;

import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import java.util.List;
import java.util.Locale;

/**
 * Rows to gather, and as what.
 *
 * @param rows {@code [numNodes x dim]}
 * @param out the type that arrives in the slot: that of the rows, or float32 for float16 rows
 */
record GatherTable(FeatureMatrix rows, FeatureType out) {
  /** All that can come of a matrix: its rows as they are, and widened where that is possible. */
  static List<GatherTable> of(FeatureMatrix rows) {
    GatherTable asIs = new GatherTable(rows, rows.type());
    return rows.type() == FeatureType.FLOAT16
        ? List.of(asIs, new GatherTable(rows, FeatureType.FLOAT32))
        : List.of(asIs);
  }

  boolean widens() {
    return out != rows.type();
  }

  /** Bytes of a row in the slot. */
  int outRowBytes() {
    return rows.dim() * out.bytes();
  }

  /** For instance "float32" or "float16 to float32". */
  String label() {
    return widens() ? name(rows.type()) + " to " + name(out) : name(out);
  }

  private static String name(FeatureType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }
}
