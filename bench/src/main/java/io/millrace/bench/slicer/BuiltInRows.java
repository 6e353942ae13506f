package io.millrace.bench.slicer;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The rows that are gathered when no dataset is given: 2 million of 100 values, as many as those of
 * ogbn-products, far more than any cache holds.
 */
final class BuiltInRows {
  static final int NUM_NODES = 2_000_000;
  static final int DIM = 100;

  /** Rows that are made; the others repeat them, at addresses of their own. */
  private static final int PERIOD = 997;

  private BuiltInRows() {}

  /** A matrix in memory that lives as long as the arena. */
  static FeatureMatrix make(FeatureType type, Arena arena) {
    long bytes = (long) NUM_NODES * DIM * type.bytes();
    MemorySegment rows = arena.allocate(bytes, 4096);
    long periodBytes = (long) PERIOD * DIM * type.bytes();
    for (int i = 0; i < PERIOD * DIM; i++) {
      float value = i % 2048 / 1024f - 1; // exact in both types
      if (type == FeatureType.FLOAT32) {
        rows.setAtIndex(JAVA_FLOAT, i, value);
      } else {
        rows.setAtIndex(JAVA_SHORT, i, Float.floatToFloat16(value));
      }
    }
    for (long done = periodBytes; done < bytes; done += periodBytes) {
      MemorySegment.copy(rows, 0, rows, done, Math.min(periodBytes, bytes - done));
    }
    return FeatureMatrix.of(NUM_NODES, DIM, type, rows);
  }
}
