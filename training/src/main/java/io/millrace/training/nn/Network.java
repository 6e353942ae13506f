package io.millrace.training.nn;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import io.millrace.Internal;
import io.millrace.training.torch.GradMode;
import io.millrace.training.torch.NamedArrays;
import io.millrace.training.torch.TorchEngine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A model's block with its parameters: the weights, and what batch normalisation remembers.
 *
 * <p>Owns the parameters; {@link #close} frees them. Arrays that a step makes belong to {@link
 * #manager} and are closed by the NDScope of that step. One thread at a time.
 */
@Internal
public final class Network implements AutoCloseable {
  private final GraphBlock block;
  private final NDManager manager;
  private final ParameterStore store;

  /**
   * On the CPU.
   *
   * @param seed of the first weights, which are a function of it alone
   */
  public Network(GraphModel model, int inputDim, int numClasses, long seed) {
    this(Device.cpu(), model, inputDim, numClasses, seed);
  }

  private Network(Device device, GraphModel model, int inputDim, int numClasses, long seed) {
    block = requireHops(model, model.newBlock(inputDim, numClasses));
    manager = TorchEngine.newManager(device);
    store = new ParameterStore(manager, false);
    try (GradMode _ = GradMode.off()) {
      TorchEngine.seeded(seed, this::initialize);
    } catch (Throwable t) {
      manager.close();
      throw t;
    }
  }

  private Network initialize() {
    block.initialize(manager, DataType.FLOAT32);
    return this;
  }

  /**
   * On any device, with the weights that it would have on the CPU: a GPU draws others from the same
   * seed.
   */
  public static Network on(
      Device device, GraphModel model, int inputDim, int numClasses, long seed) {
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

  public NDManager manager() {
    return manager;
  }

  /**
   * The logits {@code [numSeeds x numClasses]} of a batch.
   *
   * @param features float32 {@code [numNodes x dim]}
   * @param edges of each hop, from the input to the seeds
   */
  public NDArray logits(NDArray features, List<MfgTensors> edges, ForwardPass pass) {
    return block.logits(features, edges, pass);
  }

  /** To predict, by the parameters as they are. */
  public ForwardPass prediction() {
    return ForwardPass.prediction(store);
  }

  /** For a step of training; the arrays go to the NDScope that is open. */
  public RunningStatistics runningStatistics() {
    return new RunningStatistics(manager, parameters());
  }

  /** Whether a layer remembers the statistics of batches. */
  public boolean hasRunningStatistics() {
    return parameters().stream().anyMatch(it -> it.getType() == Parameter.Type.RUNNING_MEAN);
  }

  /** To measure statistics, see {@link ForwardPass#measuring}: the network's own are changed. */
  public ForwardPass measuring(long dropoutSeed, float kept) {
    return ForwardPass.measuring(store, dropoutSeed, kept);
  }

  /** All parameters, in a fixed order. */
  List<Parameter> parameters() {
    return block.getParameters().values();
  }

  public int numLayers() {
    return block.numLayers();
  }

  /** Layers that look at neighbours: the first ones. */
  public int numHops() {
    return block.numHops();
  }

  /** Columns of what enters a layer; of the logits for {@link #numLayers}. */
  public int stateDim(int layer) {
    return block.stateDim(layer);
  }

  /** One layer, to predict: {@code [numSrc x stateDim(layer)]} to {@code [numDst x ...]}. */
  public NDArray predict(int layer, NDArray state, MfgTensors edges) {
    return block.checkedLayer(layer, state, edges, prediction());
  }

  /** The parameters that are learned under their names, in a fixed order. */
  public Map<String, NDArray> learned() {
    return arrays(Parameter::requiresGradient);
  }

  private Map<String, NDArray> arrays(Predicate<Parameter> which) {
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    for (Pair<String, Parameter> entry : block.getParameters()) {
      if (which.test(entry.getValue())) {
        arrays.put(entry.getKey(), entry.getValue().getArray());
      }
    }
    return arrays;
  }

  /** Forgets the gradients that no step of the optimizer has used. */
  public void zeroGradients() {
    learned().values().forEach(it -> JniUtils.zeroGrad((PtNDArray) it));
  }

  /** The number of learned values. */
  public long numParameters() {
    return learned().values().stream().mapToLong(NDArray::size).sum();
  }

  /**
   * All parameters, as they are now and under their names, in the host's memory; whoever asks
   * closes the copies.
   */
  public NDList copy() {
    NDList copies = new NDList();
    arrays(_ -> true).forEach((name, array) -> copies.add(NamedArrays.onHost(array, name)));
    return copies;
  }

  /**
   * Takes over the values of arrays that have the names and shapes of the parameters, all or none.
   *
   * @throws io.millrace.BadInputException naming the first parameter that does not fit
   */
  public void restore(NDList values) {
    NamedArrays.copy(values, arrays(_ -> true), "model");
  }

  @Override
  public void close() {
    block.clear();
    manager.close();
  }
}
