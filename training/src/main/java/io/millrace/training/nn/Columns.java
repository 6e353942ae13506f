package io.millrace.training.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import io.millrace.Internal;

/** Some columns of a matrix, without a copy. */
@Internal
public final class Columns {
  private Columns() {}

  public static NDArray first(NDArray x, long count) {
    return slice(x, 0, count);
  }

  public static NDArray last(NDArray x, long count) {
    long all = x.getShape().get(1);
    return slice(x, all - count, all);
  }

  private static NDArray slice(NDArray x, long from, long to) {
    return x.get(new NDIndex().addAllDim().addSliceDim(from, to));
  }
}
