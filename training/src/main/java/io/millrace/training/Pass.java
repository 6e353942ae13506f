package io.millrace.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;

/**
 * One way through a network: where its parameters are, and whether it is to learn from what comes
 * out.
 *
 * @param store of the parameters
 * @param training true for dropout and the statistics of the batch, false to predict
 */
public record Pass(ParameterStore store, boolean training) {
  /** A parameter's present value, on a device. */
  public NDArray value(Parameter parameter, Device device) {
    return store.getValue(parameter, device, training);
  }
}
