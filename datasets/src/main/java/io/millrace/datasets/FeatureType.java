package io.millrace.datasets;

import io.millrace.datasets.npy.NpyType;

/** How one feature value is stored. */
public enum FeatureType {
  FLOAT32(NpyType.FLOAT32),
  FLOAT16(NpyType.FLOAT16);

  private final NpyType npyType;

  FeatureType(NpyType npyType) {
    this.npyType = npyType;
  }

  /** Bytes per value. */
  public int bytes() {
    return npyType.bytes();
  }

  /** The element type of the file that holds such values. */
  public NpyType npyType() {
    return npyType;
  }
}
