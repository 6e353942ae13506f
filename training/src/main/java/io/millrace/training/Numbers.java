package io.millrace.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * Numbers as operands. DJL's own operators of an array and a number, {@code x.mul(2)}, put the
 * number into memory of Java's and forget it at once: where the operation is recorded, its gradient
 * reads that memory later, when it may have been collected; and on a GPU the host waits while the
 * number is copied. These are made by libtorch, where the array is. Stateless.
 */
final class Numbers {
  private Numbers() {}

  /**
   * @return float32, without dimensions
   */
  static NDArray in(NDManager manager, double value) {
    return manager.full(new Shape(), (float) value, DataType.FLOAT32);
  }

  /** The same where another array is. */
  static NDArray beside(NDArray array, double value) {
    return in(array.getManager(), value);
  }
}
