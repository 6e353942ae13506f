package io.millrace.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import io.millrace.datasets.BadInputException;
import io.millrace.training.TorchOp.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * A model's block with its parameters: the weights, and what batch normalisation remembers.
 *
 * <p>Owns the parameters; {@link #close} frees them. Arrays that a step makes belong to {@link
 * #manager} and are closed by the NDScope of that step. One thread at a time.
 */
final class Network implements AutoCloseable {
  /** Target, source, whether the host may go on before it is done. */
  private static final TorchOp COPY =
      TorchOp.of("aten::copy_", "", 1, Kind.TENSOR, Kind.TENSOR, Kind.BOOL);

  private final GraphBlock block;
  private final NDManager manager;
  private final ParameterStore store;

  /**
   * On the CPU.
   *
   * @param seed of the first weights, which are a function of it alone
   */
  Network(GraphModel model, int inputDim, int numClasses, long seed) {
    this(Device.cpu(), model, inputDim, numClasses, seed);
  }

  private Network(Device device, GraphModel model, int inputDim, int numClasses, long seed) {
    block = requireHops(model, model.newBlock(inputDim, numClasses));
    manager = TorchEngine.newManager(device);
    store = new ParameterStore(manager, false);
    TorchEngine.seed(seed);
    try (GradMode _ = GradMode.off()) {
      block.initialize(manager, DataType.FLOAT32);
    } catch (Throwable t) {
      manager.close();
      throw t;
    }
  }

  /**
   * On any device, with the weights that it would have on the CPU: a GPU draws others from the same
   * seed.
   */
  static Network on(Device device, GraphModel model, int inputDim, int numClasses, long seed) {
    Network first = new Network(model, inputDim, numClasses, seed);
    if (!device.isGpu()) {
      return first;
    }
    try (first;
        NDList weights = first.copy()) {
      Network there = new Network(device, model, inputDim, numClasses, seed);
      there.restore(weights);
      return there;
    }
  }

  private static GraphBlock requireHops(GraphModel model, GraphBlock block) {
    if (block.numHops() != model.numHops()) {
      throw new IllegalArgumentException(
          "model and block differ in their hops: model=%s, hops=%d, block's=%d"
              .formatted(model.getClass().getName(), model.numHops(), block.numHops()));
    }
    return block;
  }

  NDManager manager() {
    return manager;
  }

  /** The logits {@code [numSeeds x numClasses]} of a batch. */
  NDArray logits(BatchTensors batch, boolean training) {
    return block.logits(batch.features(), batch.edges(), new Pass(store, training));
  }

  /** The same for arrays from anywhere, in the order of {@link GraphBlock}. */
  NDArray logits(NDList inputs, boolean training) {
    return block.forward(store, inputs, training).singletonOrThrow();
  }

  /** The parameters that are learned, in a fixed order. */
  List<NDArray> learned() {
    return block.getParameters().values().stream()
        .filter(Parameter::requiresGradient)
        .map(Parameter::getArray)
        .toList();
  }

  /** The number of learned values. */
  long numParameters() {
    return learned().stream().mapToLong(NDArray::size).sum();
  }

  /**
   * All parameters, as they are now and under their names, in the host's memory; whoever asks
   * closes the copies.
   */
  NDList copy() {
    NDList copies = new NDList();
    try (GradMode _ = GradMode.off()) {
      for (Pair<String, Parameter> entry : block.getParameters()) {
        NDArray array = entry.getValue().getArray();
        NDArray copy =
            array.getDevice().isGpu() ? array.toDevice(Device.cpu(), true) : array.duplicate();
        copy.setName(entry.getKey());
        copies.add(copy);
      }
    }
    return copies;
  }

  /**
   * Takes over the values of arrays that have the names and shapes of the parameters, all or none.
   *
   * @throws BadInputException naming the first parameter that does not fit
   */
  void restore(NDList values) {
    List<NDArray> targets = new ArrayList<>();
    for (Pair<String, Parameter> entry : block.getParameters()) {
      Shape expected = entry.getValue().getShape();
      NDArray value = values.get(entry.getKey());
      if (value == null || !value.getShape().equals(expected)) {
        throw BadInputException.of(
            "weights do not fit the model",
            "parameter",
            entry.getKey(),
            "expected",
            expected,
            "found",
            value == null ? "none" : value.getShape());
      }
      targets.add(entry.getValue().getArray());
    }
    if (values.size() != targets.size()) {
      throw BadInputException.of(
          "weights have parameters the model lacks",
          "expected",
          targets.size(),
          "found",
          values.size());
    }
    List<String> names = block.getParameters().keys();
    try (GradMode _ = GradMode.off()) {
      for (int i = 0; i < targets.size(); i++) {
        COPY.call(manager, targets.get(i), values.get(names.get(i)), false).close();
      }
    }
  }

  @Override
  public void close() {
    block.clear();
    manager.close();
  }
}
