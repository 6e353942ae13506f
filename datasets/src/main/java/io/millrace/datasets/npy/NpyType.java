package io.millrace.datasets.npy;

/** The element types of the files that Millrace writes, all little-endian. */
public enum NpyType {
  BOOL("|b1", Byte.BYTES),
  INT8("|i1", Byte.BYTES),
  UINT8("|u1", Byte.BYTES),
  INT32("<i4", Integer.BYTES),
  INT64("<i8", Long.BYTES),
  FLOAT16("<f2", Short.BYTES),
  FLOAT32("<f4", Float.BYTES);

  private final String descr;
  private final int bytes;

  NpyType(String descr, int bytes) {
    this.descr = descr;
    this.bytes = bytes;
  }

  /** Numpy's name, for instance {@code <i4}. */
  public String descr() {
    return descr;
  }

  /** Bytes per element. */
  public int bytes() {
    return bytes;
  }
}
