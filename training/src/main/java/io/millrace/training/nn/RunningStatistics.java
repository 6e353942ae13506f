package io.millrace.training.nn;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import io.millrace.Internal;
import io.millrace.training.torch.NamedArrays;
import io.millrace.training.torch.Scalars;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What batch normalisation remembers, over the virtual nodes of one step of training.
 *
 * <p>Each virtual node sees the weights that all share and its own copy of the running statistics,
 * as the step before left them; a step leaves the mean of these copies. So they follow the batches
 * at the same pace however a batch is divided, and the virtual nodes may come in any order, or at
 * the same time elsewhere. Its arrays are closed by the NDScope that the step has opened. One
 * thread.
 */
@Internal
public final class RunningStatistics {
  private final NDManager manager;
  private final Map<Parameter, NDArray> means = new LinkedHashMap<>();

  RunningStatistics(NDManager manager, List<Parameter> parameters) {
    this.manager = manager;
    for (Parameter parameter : parameters) {
      switch (parameter.getType()) {
        case RUNNING_MEAN, RUNNING_VAR -> means.put(parameter, manager.zeros(parameter.getShape()));
        default -> {
          // learned, or none of ours: shared
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

  /** What the next virtual node computes with. */
  public View view() {
    View view = new View(manager);
    means.keySet().forEach(it -> view.own.put(it, it.getArray().duplicate()));
    return view;
  }

  /**
   * Takes note of what a virtual node has made of its copy.
   *
   * @param share of the virtual node in the step, 0 to 1
   */
  public void add(View view, float share) {
    NDArray factor = Scalars.in(manager, share);
    view.own.forEach((parameter, array) -> means.get(parameter).addi(array.mul(factor)));
  }

  /** Makes the means the network's; the shares must have come to 1. */
  public void apply() {
    means.forEach((parameter, mean) -> NamedArrays.copy(mean, parameter.getArray()));
  }
}
