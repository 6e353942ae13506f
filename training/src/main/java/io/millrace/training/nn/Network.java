package io.millrace.training.nn;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import io.millrace.Internal;
import io.millrace.datasets.platform.AvailableMemory;
import io.millrace.training.torch.GradMode;
import io.millrace.training.torch.NamedArrays;
import io.millrace.training.torch.TorchEngine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/**
 * A model's block with its parameters: the weights, and the running statistics of batch
 * normalisation. For pairs of nodes it can have a decoder, which is learned with it: a second block
 * without neighbours, which the loss applies to rows that it makes of the first one's output.
 *
 * <p>Owns the parameters; {@link #close} frees them. Arrays that a step makes belong to {@link
 * #manager} and are closed by the NDScope of that step. One thread at a time, but for predictions
 * after {@link #shareParameters}.
 */
@Internal
public final class Network implements AutoCloseable {
  /** With which the names of the decoder's parameters begin. */
  public static final String DECODER = "decoder.";

  private final GraphBlock block;
  private final Optional<GraphBlock> decoder;
  private final NDManager manager;
  private final ParameterStore store;

  /**
   * Makes a network on the CPU.
   *
   * @param seed seed of the initial weights, which depend on nothing else
   */
  public Network(GraphModel model, int inputDim, int numClasses, long seed) {
    this(Device.cpu(), model, inputDim, numClasses, Optional.empty(), seed);
  }

  private Network(
      Device device,
      GraphModel model,
      int inputDim,
      int numClasses,
      Optional<GraphModel> decoder,
      long seed) {
    block = requireHops(model, model.newBlock(inputDim, numClasses));
    this.decoder = decoder.map(it -> requireHops(it, it.newBlock(numClasses, 1)));
    manager = TorchEngine.newManager(device);
    store = new ParameterStore(manager, false);
    try (GradMode _ = GradMode.off()) {
      requireMemory();
      TorchEngine.seeded(seed, this::initialize);
    } catch (Throwable t) {
      manager.close();
      throw t;
    }
  }

  /** The system would kill the process without a message. */
  private void requireMemory() {
    double values = 0;
    for (Parameter parameter : parameters()) {
      Shape shape = parameter.getShape(); // DJL's own blocks learn it later
      values +=
          shape == null
              ? 0
              : LongStream.of(shape.getShape()).asDoubleStream().reduce(1, (a, b) -> a * b);
    }
    if (!manager.getDevice().isGpu()) {
      AvailableMemory.requireAttainable(
          Float.BYTES * values,
          "the parameters of the model",
          "parameters",
          String.format(Locale.ROOT, "%.0f", values));
    }
  }

  private Network initialize() {
    block.initialize(manager, DataType.FLOAT32);
    decoder.ifPresent(it -> it.initialize(manager, DataType.FLOAT32));
    return this;
  }

  /**
   * Makes a network on any device, with the weights that it would have on the CPU, because a GPU
   * draws other weights from the same seed.
   */
  public static Network on(
      Device device, GraphModel model, int inputDim, int numClasses, long seed) {
    return on(device, model, inputDim, numClasses, Optional.empty(), seed);
  }

  /**
   * The same with a decoder, if there is one. The model's weights are those that it would have
   * without.
   *
   * @param decoder of no hops; it maps {@code numClasses} columns to one
   */
  public static Network on(
      Device device,
      GraphModel model,
      int inputDim,
      int numClasses,
      Optional<GraphModel> decoder,
      long seed) {
    Network first = new Network(Device.cpu(), model, inputDim, numClasses, decoder, seed);
    if (!device.isGpu()) {
      return first;
    }
    try (first;
        NDList weights = first.copy()) {
      Network there = new Network(device, model, inputDim, numClasses, decoder, seed);
      there.restore(weights);
      return there;
    }
  }

  private static GraphBlock requireHops(GraphModel model, GraphBlock block) {
    if (block.numHops() != model.numHops()) {
      throw new IllegalArgumentException(
          "model and block differ in their hops: model=%s, hops=%s, block's=%s"
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
   * @param edges the edges of each hop, from the input to the seeds
   */
  public NDArray logits(NDArray features, List<MfgTensors> edges, ForwardPass pass) {
    return block.logits(features, edges, pass);
  }

  public boolean hasDecoder() {
    return decoder.isPresent();
  }

  /**
   * Maps rows by the decoder, which there must be.
   *
   * @param rows float32 {@code [rows x numClasses]}
   * @return {@code [rows x 1]}
   */
  public NDArray decode(NDArray rows, ForwardPass pass) {
    return decoder.orElseThrow().logits(rows, List.of(), pass);
  }

  /**
   * Lets several threads predict at the same time: DJL fills its table of parameters when they are
   * first read, which only one thread may do.
   */
  public void shareParameters() {
    ForwardPass pass = prediction();
    parameters().forEach(it -> pass.value(it, manager.getDevice()));
  }

  /** A pass that predicts with the current parameters. */
  public ForwardPass prediction() {
    return ForwardPass.prediction(store);
  }

  /** The running statistics of one training step; the arrays belong to the NDScope that is open. */
  public RunningStatistics runningStatistics() {
    return new RunningStatistics(manager, parameters());
  }

  /** The values that batch normalisation predicts with, by their names, in a fixed order. */
  public Map<String, NDArray> statistics() {
    return arrays(
        it ->
            it.getType() == Parameter.Type.RUNNING_MEAN
                || it.getType() == Parameter.Type.RUNNING_VAR);
  }

  /** Whether a layer keeps running statistics of the batches. */
  public boolean hasRunningStatistics() {
    return parameters().stream().anyMatch(it -> it.getType() == Parameter.Type.RUNNING_MEAN);
  }

  /**
   * A pass that measures statistics, see {@link ForwardPass#measuring}: it changes the network's
   * own.
   */
  public ForwardPass measuring(long dropoutSeed, float kept) {
    return ForwardPass.measuring(store, dropoutSeed, kept);
  }

  /** All parameters, in a fixed order. */
  List<Parameter> parameters() {
    return List.copyOf(named().values());
  }

  private Map<String, Parameter> named() {
    Map<String, Parameter> named = new LinkedHashMap<>();
    add(named, "", block);
    decoder.ifPresent(it -> add(named, DECODER, it));
    return named;
  }

  private static void add(Map<String, Parameter> named, String prefix, GraphBlock block) {
    for (Pair<String, Parameter> entry : block.getParameters()) {
      named.put(prefix + entry.getKey(), entry.getValue());
    }
  }

  public int numLayers() {
    return block.numLayers();
  }

  /** The number of layers that read neighbours; they come first. */
  public int numHops() {
    return block.numHops();
  }

  /** Columns of a layer's input; for {@link #numLayers} those of the logits. */
  public int stateDim(int layer) {
    return block.stateDim(layer);
  }

  /** The values that a layer holds per edge, see {@link GraphBlock#valuesPerEdge}. */
  public int valuesPerEdge(int layer) {
    return block.valuesPerEdge(layer);
  }

  /** Whether a layer needs no copy of its sources' rows, see {@link GraphBlock#readsInPlace}. */
  public boolean readsInPlace(int layer) {
    return layer >= numHops() || block.readsInPlace(layer);
  }

  /**
   * Computes one layer for prediction: {@code [numSrc x stateDim(layer)]} to {@code [numDst x
   * ...]}.
   */
  public NDArray predict(int layer, NDArray state, MfgTensors edges) {
    return block.checkedLayer(layer, state, edges, prediction());
  }

  /**
   * Predicts the seeds of a batch: {@code [numSeeds x columns]}, where the columns are those of the
   * embedding, if it is requested, then those of the logits.
   */
  public NDArray predict(BatchTensors batch, boolean embeddings) {
    int last = numLayers() - 1;
    NDArray state = batch.features();
    for (int l = 0; l < last; l++) {
      state = predict(l, state, edges(batch, l));
    }
    MfgTensors edges = edges(batch, last);
    NDArray logits = predict(last, state, edges);
    return embeddings ? edges.destinations(state).concat(logits, 1) : logits;
  }

  private static MfgTensors edges(BatchTensors batch, int layer) {
    return layer < batch.edges().size() ? batch.edges().get(layer) : MfgTensors.NONE;
  }

  /** The learned parameters by their names, in a fixed order. */
  public Map<String, NDArray> learned() {
    return arrays(Parameter::requiresGradient);
  }

  private Map<String, NDArray> arrays(Predicate<Parameter> which) {
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    named()
        .forEach(
            (name, parameter) -> {
              if (which.test(parameter)) {
                arrays.put(name, parameter.getArray());
              }
            });
    return arrays;
  }

  /** Discards the gradients that no optimizer step has used. */
  public void zeroGradients() {
    learned().values().forEach(it -> JniUtils.zeroGrad((PtNDArray) it));
  }

  /** The number of learned values. */
  public long numParameters() {
    return learned().values().stream().mapToLong(NDArray::size).sum();
  }

  /**
   * Copies of all parameters, as they are now and under their names, in the host's memory; the
   * caller closes them.
   */
  public NDList copy() {
    NDList copies = new NDList();
    arrays(_ -> true).forEach((name, array) -> copies.add(NamedArrays.onHost(array, name)));
    return copies;
  }

  /**
   * Sets the parameters to the values of arrays with the same names and shapes, all or none.
   *
   * @throws io.millrace.BadInputException naming the first parameter that does not fit
   */
  public void restore(NDList values) {
    NamedArrays.copy(values, arrays(_ -> true), "model");
  }

  @Override
  public void close() {
    block.clear();
    decoder.ifPresent(GraphBlock::clear);
    manager.close();
  }
}
