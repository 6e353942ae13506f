package io.millrace.training.nn;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import io.millrace.Internal;
import io.millrace.training.torch.NamedArrays;
import io.millrace.training.torch.Scalars;
import io.millrace.training.torch.TorchOp;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The running statistics of batch normalisation over the virtual nodes of one training step.
 *
 * <p>Each virtual node sees the shared weights and its own copy of the running statistics, as the
 * previous step left them; a step leaves the mean of these copies. The statistics therefore follow
 * the batches at the same pace however a batch is divided, and the virtual nodes may be computed in
 * any order, or elsewhere at the same time. The arrays are closed by the NDScope that the step has
 * opened. One thread.
 */
@Internal
public final class RunningStatistics {
  private static final TorchOp ZERO = TorchOp.of("aten::zero_", "", 1, TorchOp.Kind.TENSOR);

  private final NDManager manager;
  private final Map<Parameter, NDArray> means = new LinkedHashMap<>();

  RunningStatistics(NDManager manager, List<Parameter> parameters) {
    this.manager = manager;
    for (Parameter parameter : parameters) {
      switch (parameter.getType()) {
        case RUNNING_MEAN, RUNNING_VAR -> means.put(parameter, manager.zeros(parameter.getShape()));
        default -> {
          // learned, or not a running statistic: shared
        }
      }
    }
  }

  /** The parameters as one virtual node sees them. */
  public static final class View extends ParameterStore {
    private final Map<Parameter, NDArray> own = new LinkedHashMap<>();

    private View(NDManager manager) {
      super(manager, false);
    }

    @Override
    public NDArray getValue(Parameter parameter, Device device, boolean training) {
      NDArray array = own.get(parameter);
      return array == null ? super.getValue(parameter, device, training) : array;
    }
  }

  /** The parameters that the next virtual node computes with. */
  public View view() {
    View view = new View(manager);
    means.keySet().forEach(it -> view.own.put(it, it.getArray().duplicate()));
    return view;
  }

  /**
   * Adds the copy that a virtual node has updated to the means.
   *
   * @param share the virtual node's share of the step, 0 to 1
   */
  public void add(View view, float share) {
    NDArray factor = Scalars.in(manager, share);
    view.own.forEach((parameter, array) -> means.get(parameter).addi(array.mul(factor)));
  }

  /** What was added so far, in a fixed order: the means, once the shares add up to 1. */
  public List<NDArray> sums() {
    return List.copyOf(means.values());
  }

  /** Begins again from zeros. */
  public void clear() {
    means.values().forEach(it -> ZERO.call(manager, it).close());
  }

  /** Copies the means into the network; the shares must add up to 1. */
  public void apply() {
    means.forEach((parameter, mean) -> NamedArrays.copy(mean, parameter.getArray()));
  }
}
