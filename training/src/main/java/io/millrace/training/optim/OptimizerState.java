package io.millrace.training.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.millrace.Internal;
import io.millrace.training.torch.GradMode;
import io.millrace.training.torch.NamedArrays;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * An {@link Optimizer} at work: moves parameters against their gradients, and remembers what it
 * needs for the next step.
 *
 * <p>It remembers some arrays for each parameter, of the parameter's shape, and how many steps were
 * made; both together are {@link #restore restored} exactly. Owns the arrays; {@link #close} frees
 * them. One thread at a time.
 */
@Internal
public abstract sealed class OptimizerState implements AutoCloseable permits AdamState, SgdState {
  private final NDManager manager;
  private final List<NDArray> parameters;
  private final List<List<NDArray>> moments = new ArrayList<>();
  private long numSteps;

  /**
   * @param parameters that are learned, under their names
   * @param momentNames of the arrays for each parameter, which start with zeros
   */
  OptimizerState(NDManager manager, Map<String, NDArray> parameters, String... momentNames) {
    this.manager = manager;
    this.parameters = List.copyOf(parameters.values());
    parameters.forEach(
        (name, parameter) ->
            moments.add(
                Arrays.stream(momentNames)
                    .map(moment -> zeros(name + "." + moment, parameter))
                    .toList()));
  }

  public static OptimizerState of(
      Optimizer optimizer, NDManager manager, Map<String, NDArray> parameters, double weightDecay) {
    return switch (optimizer) {
      case Optimizer.Adam(double beta1, double beta2, double epsilon) ->
          new AdamState(manager, parameters, beta1, beta2, epsilon, weightDecay, false);
      case Optimizer.AdamW(double beta1, double beta2, double epsilon) ->
          new AdamState(manager, parameters, beta1, beta2, epsilon, weightDecay, true);
      case Optimizer.Sgd(double momentum) ->
          new SgdState(manager, parameters, momentum, weightDecay);
    };
  }

  private NDArray zeros(String name, NDArray parameter) {
    NDArray array = manager.zeros(parameter.getShape());
    array.setName(name);
    return array;
  }

  /** Moves the parameters against their gradients, and sets the gradients to zero. */
  public final void step(double learningRate) {
    numSteps++;
    try (GradMode _ = GradMode.off();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      for (int i = 0; i < parameters.size(); i++) {
        PtNDArray parameter = (PtNDArray) parameters.get(i);
        move(parameter, parameter.getGradient(), moments.get(i), learningRate);
        JniUtils.zeroGrad(parameter);
      }
    }
  }

  /** Moves one parameter; {@link #numSteps} counts this step already. */
  abstract void move(
      PtNDArray parameter, PtNDArray gradient, List<NDArray> moments, double learningRate);

  /** Steps made so far. */
  public final long numSteps() {
    return numSteps;
  }

  /** The arrays that last from step to step, under their names; not copies. */
  public final NDList state() {
    return new NDList(moments.stream().flatMap(List::stream).toList());
  }

  /**
   * Goes on from another's {@link #numSteps} and {@link #state}; the parameters are the caller's.
   *
   * @throws io.millrace.BadInputException if the arrays are not those of this optimizer and these
   *     parameters; nothing has changed then
   */
  public final void restore(long steps, NDList values) {
    NamedArrays.copy(values, NamedArrays.byName(state()), "optimizer");
    numSteps = steps;
  }

  @Override
  public void close() {
    state().close();
  }
}
