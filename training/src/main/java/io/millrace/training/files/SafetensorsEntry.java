package io.millrace.training.files;

import com.google.gson.annotations.SerializedName;
import java.util.List;

/**
 * A tensor as the header of a {@link SafetensorsFile} describes it. Immutable.
 *
 * @param dataOffsets of its first byte and after its last, from where the tensors begin
 */
record SafetensorsEntry(
    String dtype, List<Long> shape, @SerializedName("data_offsets") List<Long> dataOffsets) {
  private static final String FLOAT32 = "F32";

  /** One of ours: float32, at least one value, and all its bytes there. */
  boolean fits(long dataBytes) {
    if (!FLOAT32.equals(dtype) || shape == null || dataOffsets == null) {
      return false;
    }
    long numBytes = Float.BYTES;
    for (Long size : shape) {
      if (size == null || size < 1 || size > dataBytes || numBytes > dataBytes) {
        return false; // and so the product stays below 2^62
      }
      numBytes *= size;
    }
    return dataOffsets.size() == 2
        && !dataOffsets.contains(null)
        && 0 <= begin()
        && begin() <= end()
        && end() <= dataBytes
        && end() - begin() == numBytes;
  }

  long begin() {
    return dataOffsets.get(0);
  }

  long end() {
    return dataOffsets.get(1);
  }
}
