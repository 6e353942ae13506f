package io.millrace.training.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.millrace.Internal;

/**
 * Numbers as operands: {@code x.mul(Scalars.like(x, 2))} in place of {@code x.mul(2)}.
 *
 * <p>DJL's own operators of an array and a number put the number into memory of Java's and forget
 * it at once. Where the operation is recorded for a gradient, that reads the memory later, when it
 * may have been collected: the loss goes wrong now and then, and nothing says so. And on a GPU the
 * host waits at each of them while the number is copied there. These numbers are made by libtorch,
 * where the array is; a layer of one's own needs them wherever an array meets a number. Stateless
 * and thread-safe.
 */
public final class Scalars {
  private static final Shape SCALAR = new Shape();

  private Scalars() {}

  /**
   * A number where an array is, and of its type.
   *
   * @param array float32 or of whole numbers
   * @return without dimensions, in the array's manager
   */
  public static NDArray like(NDArray array, double value) {
    return of(array.getManager(), value, array.getDataType());
  }

  /**
   * @return float32, without dimensions
   */
  @Internal
  public static NDArray in(NDManager manager, double value) {
    return of(manager, value, DataType.FLOAT32);
  }

  private static NDArray of(NDManager manager, double value, DataType type) {
    return JniUtils.full(
        (PtNDManager) manager, SCALAR, value, type, manager.getDevice(), SparseFormat.DENSE);
  }
}
