package io.millrace.training.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.training.torch.TorchOp.Kind;
import java.util.LinkedHashMap;
import java.util.Map;

/** Values for arrays that are known by their names, as a file holds them. Stateless. */
@Internal
public final class NamedArrays {
  /** Target, source, whether the host may go on before it is done. */
  private static final TorchOp COPY =
      TorchOp.of("aten::copy_", "", 1, Kind.TENSOR, Kind.TENSOR, Kind.BOOL);

  private NamedArrays() {}

  /**
   * A copy in the host's memory, whatever device the array is on: what goes into a file. Whoever
   * asks closes it.
   */
  public static NDArray onHost(NDArray array, String name) {
    NDArray copy = onHost(array);
    copy.setName(name);
    return copy;
  }

  /**
   * As {@link #onHost(NDArray, String)}, without a name. Not by {@link NDArray#toDevice}: that
   * gives a copy on another device a manager of its own, which stays until the array's is closed,
   * and one on the same device the same memory.
   */
  public static NDArray onHost(NDArray array) {
    PtNDManager manager = (PtNDManager) array.getManager();
    NDArray copy =
        JniUtils.createEmptyNdArray(
            manager, array.getShape(), array.getDataType(), Device.cpu(), SparseFormat.DENSE);
    copy(array, copy);
    return copy;
  }

  public static Map<String, NDArray> byName(NDList arrays) {
    Map<String, NDArray> byName = new LinkedHashMap<>();
    arrays.forEach(array -> byName.put(array.getName(), array));
    return byName;
  }

  /**
   * Copies values into the arrays of the same names, all or none.
   *
   * @param values must have the names and shapes of the targets, in any order
   * @param owner whose arrays these are, for messages: "model"
   * @throws BadInputException naming the first that does not fit
   */
  public static void copy(NDList values, Map<String, NDArray> targets, String owner) {
    Map<String, NDArray> sources = byName(values);
    targets.forEach(
        (name, target) -> {
          NDArray source = sources.get(name);
          if (source == null || !source.getShape().equals(target.getShape())) {
            throw BadInputException.of(
                "weights do not fit the " + owner,
                "parameter",
                name,
                "expected",
                target.getShape(),
                "found",
                source == null ? "none" : source.getShape());
          }
        });
    if (values.size() != targets.size()) {
      throw BadInputException.of(
          "weights have parameters the " + owner + " lacks",
          "expected",
          targets.size(),
          "found",
          values.size());
    }
    targets.forEach((name, target) -> copy(sources.get(name), target));
  }

  /** Overwrites the values of an array of the same shape; the gradient does not follow. */
  public static void copy(NDArray source, NDArray target) {
    try (GradMode _ = GradMode.off()) {
      COPY.call(target.getManager(), target, source, false).close();
    }
  }
}
