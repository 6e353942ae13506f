package io.millrace.training.parallel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.millrace.Internal;
import io.millrace.training.torch.NamedArrays;
import java.nio.FloatBuffer;
import java.util.Collection;
import java.util.zip.CRC32C;

/** Values of float32 arrays as the host has them, to be sent or compared. Stateless. */
@Internal
public final class HostArrays {
  private HostArrays() {}

  /** The values of all arrays, one after the other. */
  public static float[] values(Collection<NDArray> arrays) {
    FloatBuffer values =
        FloatBuffer.allocate(Math.toIntExact(arrays.stream().mapToLong(NDArray::size).sum()));
    arrays.forEach(it -> values.put(it.toFloatArray()));
    return values.array();
  }

  /**
   * Overwrites the values of all arrays.
   *
   * @param manager makes arrays on their device
   * @param values as {@link #values} gives them
   */
  public static void set(NDManager manager, float[] values, Collection<NDArray> arrays) {
    FloatBuffer rest = FloatBuffer.wrap(values);
    for (NDArray array : arrays) {
      float[] own = new float[Math.toIntExact(array.size())];
      rest.get(own);
      try (NDArray source = manager.create(own, array.getShape())) {
        NamedArrays.copy(source, array);
      }
    }
  }

  /** A CRC32C of all values, as hexadecimal text. */
  public static String checksum(Iterable<NDArray> arrays) {
    CRC32C crc = new CRC32C();
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      arrays.forEach(it -> crc.update(NamedArrays.onHost(it).toByteBuffer(true)));
    }
    return Long.toHexString(crc.getValue());
  }
}
