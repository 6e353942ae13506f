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
 * Makes operands from numbers: {@code x.mul(Scalars.like(x, 2))} in place of {@code x.mul(2)}.
 *
 * <p>DJL's own operators of an array and a number put the number into Java memory that they do not
 * keep. If the operation is recorded for a gradient, the backward pass reads that memory later,
 * when it may have been collected: the loss is then wrong now and then, without any error. On a GPU
 * the host also waits at each such operator while the number is copied there. The numbers of this
 * class are made by libtorch, where the array is; a user's own layer needs them wherever it
 * combines an array with a number. Stateless and thread-safe.
 */
public final class Scalars {
  private static final Shape SCALAR = new Shape();

  private Scalars() {}

  /**
   * A number on the device of an array, and of its type.
   *
   * @param array an array of float32 or an integer type
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
