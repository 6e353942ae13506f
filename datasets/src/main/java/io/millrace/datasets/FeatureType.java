package io.millrace.datasets;

/** How one feature value is stored. */
public enum FeatureType {
  FLOAT32(Float.BYTES),
  FLOAT16(Short.BYTES);

  private final int bytes;

  FeatureType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes per value. */
  public int bytes() {
    return bytes;
  }
}
