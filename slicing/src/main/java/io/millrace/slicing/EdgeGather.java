package io.millrace.slicing;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.millrace.datasets.EdgeAttributes;
import io.millrace.datasets.EdgeColumns;
import io.millrace.sampler.MfgLayer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Copies the attributes of a layer's edges by their positions in the graph. Immutable; shared by
 * all threads.
 *
 * @param attributes of all edges of the graph
 * @param columns those to copy; the graph has them
 */
record EdgeGather(EdgeAttributes attributes, EdgeColumns columns) {
  static final EdgeGather NOTHING = new EdgeGather(EdgeAttributes.NONE, EdgeColumns.NONE);

  boolean isNothing() {
    return columns.equals(EdgeColumns.NONE);
  }

  /**
   * @param layer with positions
   * @param out has room for the columns
   */
  void copy(MfgLayer layer, EdgeSegments out) {
    long[] positions = layer.positions();
    int count = layer.numEdges();
    if (columns.ids()) {
      rows(attributes.ids(), Long.BYTES, positions, count, out.ids());
    }
    if (columns.times()) {
      rows(attributes.times(), Long.BYTES, positions, count, out.times());
    }
    if (columns.weights()) {
      floats(attributes.weights(), positions, count, out.weights());
    }
    if (out.scale().byteSize() > 0) {
      MemorySegment.copy(layer.scale(), 0, out.scale(), JAVA_FLOAT, 0, count);
    }
    if (columns.featureDim() == 1) {
      floats(attributes.features(), positions, count, out.features());
    } else if (columns.featureDim() > 1) {
      long rowBytes = (long) columns.featureDim() * Float.BYTES;
      rows(attributes.features(), rowBytes, positions, count, out.features());
    }
  }

  private static void floats(MemorySegment values, long[] positions, int count, MemorySegment out) {
    ValueLayout.OfFloat type = JAVA_FLOAT;
    for (int i = 0; i < count; i++) {
      out.setAtIndex(type, i, values.getAtIndex(type, positions[i]));
    }
  }

  private static void rows(
      MemorySegment values, long rowBytes, long[] positions, int count, MemorySegment out) {
    for (int i = 0; i < count; i++) {
      MemorySegment.copy(values, positions[i] * rowBytes, out, i * rowBytes, rowBytes);
    }
  }
}
