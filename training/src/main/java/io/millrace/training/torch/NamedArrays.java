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

/** Copies values of arrays that are identified by their names, as in a file. Stateless. */
@Internal
public final class NamedArrays {
  /** Target, source, and whether the host may continue before the copy is done. */
  private static final TorchOp COPY =
      TorchOp.of("aten::copy_", "", 1, Kind.TENSOR, Kind.TENSOR, Kind.BOOL);

  private NamedArrays() {}

  /**
   * A copy in the host's memory, whatever device the array is on, to be written to a file. The
   * caller closes it.
   */
  public static NDArray onHost(NDArray array, String name) {
    NDArray copy = onHost(array);
    copy.setName(name);
    return copy;
  }

  /**
   * The same as {@link #onHost(NDArray, String)}, without a name. It does not use {@link
   * NDArray#toDevice}: a copy on another device would get a separate manager, which stays open
   * until that of the array is closed, and a copy on the same device would share the memory.
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
   * @param owner name of the arrays' owner, for messages: "model"
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

  /** Overwrites the values of an array of the same shape; this is not recorded for the gradient. */
  public static void copy(NDArray source, NDArray target) {
    try (GradMode _ = GradMode.off()) {
      COPY.call(target.getManager(), target, source, false).close();
    }
  }
}
