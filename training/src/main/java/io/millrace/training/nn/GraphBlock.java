package io.millrace.training.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.millrace.training.torch.Scalars;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A network over the layers of a batch: a chain of layers, each of which maps one state per node to
 * the next.
 *
 * <pre>
 *   state 0            features          [numNodes x stateDim(0)]
 *   layer l &lt; numHops   over the edges     [numSrc x stateDim(l)] to [numDst x stateDim(l + 1)]
 *   layer l &gt;= numHops  row by row         [numSeeds x stateDim(l)] to [numSeeds x stateDim(l + 1)]
 *   the last state     logits            [numSeeds x numClasses]
 * </pre>
 *
 * <p>A node's next state depends only on its own and its neighbours' state: a layer that needs
 * earlier values (a skip over several layers, a concatenation of all) carries them along as further
 * columns of the state. So every network can be computed for all nodes of a graph layer by layer,
 * with one row per node in between. The state that enters the last layer is a node's embedding.
 * Where a node has so many neighbours that they are computed in parts ({@code GraphInference}), the
 * parts are put together in {@link Aggregation}: a layer that reaches its neighbours only through
 * that class works in parts, and a layer that asks for the edges' arrays gets the whole row.
 *
 * <p>To write a network: extend this, give the widths of the states to the constructor, add the
 * parameters ({@link #addParameter}, of known shape) or DJL's blocks ({@link #child}), and compute
 * {@link #layer} from {@link Aggregation}'s sums and means and DJL's operations. The names of the
 * parameters are those in the weights file, so they must not change between versions.
 *
 * <p>Do not combine an array with a Java number, as in {@code x.mul(2)}: {@link Scalars} makes an
 * array of the number, and explains why.
 *
 * <p>As a DJL block it takes an NDList: the features, float32; for each hop, from the input to the
 * seeds, {@code indices} and {@code indptr} of {@link MfgTensors}; and at the end, for a model that
 * uses them, int32 {@code [numNodes]} degrees. It gives the logits. One thread at a time in
 * training.
 */
public abstract class GraphBlock extends AbstractBlock {
  private final int numHops;
  private final int[] stateDims;
  private final Map<Block, Integer> childDims = new HashMap<>();

  /**
   * @param numHops number of layers that read neighbours; they come first
   * @param stateDims columns of the state before the first layer, between each two, and after the
   *     last: the input's, ..., the number of classes
   */
  protected GraphBlock(int numHops, int... stateDims) {
    if (numHops < 0 || stateDims.length < Math.max(1, numHops) + 1) {
      throw new IllegalArgumentException(
          "a block has at least one layer, and one per hop: hops=%s, states=%s"
              .formatted(numHops, stateDims.length));
    }
    this.numHops = numHops;
    this.stateDims = stateDims.clone();
  }

  /** The number of layers that read neighbours; they come first. */
  public final int numHops() {
    return numHops;
  }

  /** The number of all layers, including those after the hops. */
  public final int numLayers() {
    return stateDims.length - 1;
  }

  /**
   * Columns of the state that enters a layer.
   *
   * @param layer from 0 to {@link #numLayers}, whose state is the logits
   */
  public final int stateDim(int layer) {
    return stateDims[layer];
  }

  /**
   * Computes one layer.
   *
   * @param layer from 0 to {@code numLayers - 1}
   * @param state float32 {@code [numSrc x stateDim(layer)]}
   * @param edges the layer's edges; {@link MfgTensors#NONE} from layer {@code numHops} on
   * @return float32 {@code [numDst x stateDim(layer + 1)]}, where after the hops every row is a
   *     destination
   */
  protected abstract NDArray layer(int layer, NDArray state, MfgTensors edges, ForwardPass pass);

  /**
   * How many float32 values a layer holds per edge at a time, at most: inference over a whole graph
   * makes its chunks so small that they fit into the memory. The default is 0, for layers that
   * reach their neighbours through {@link Aggregation} alone.
   */
  protected int valuesPerEdge(int layer) {
    return 0;
  }

  /**
   * Whether a layer computes nothing for a source, but reads the states of its neighbours through
   * {@link Aggregation} and of its destinations through {@link MfgTensors#destinations}, and
   * nothing else. Inference over a whole graph then gives it the states of all nodes where they
   * lie. The default is false: a layer that maps all its sources first would map all nodes for each
   * chunk.
   */
  protected boolean readsInPlace(int layer) {
    return false;
  }

  /**
   * Computes all layers.
   *
   * @param features float32 {@code [numNodes x stateDim(0)]}
   * @param edges the edges of each hop, from the input to the seeds
   * @return the logits, {@code [numSeeds x numClasses]}
   */
  final NDArray logits(NDArray features, List<MfgTensors> edges, ForwardPass pass) {
    if (edges.size() != numHops) {
      throw new IllegalArgumentException(
          "a block needs edges for each hop: hops=%s, given=%s".formatted(numHops, edges.size()));
    }
    NDArray state = features;
    for (int l = 0; l < numLayers(); l++) {
      state = checkedLayer(l, state, l < numHops ? edges.get(l) : MfgTensors.NONE, pass);
    }
    return state;
  }

  /** Computes {@link #layer} and checks that the result has the shape that the next layer takes. */
  final NDArray checkedLayer(int layer, NDArray state, MfgTensors edges, ForwardPass pass) {
    NDArray next = layer(layer, state, edges, pass);
    long rows = layer < numHops ? edges.numDst() : state.getShape().get(0);
    Shape expected = new Shape(rows, stateDims[layer + 1]);
    if (!next.getShape().equals(expected)) {
      throw new IllegalStateException(
          "%s: layer %s gave the shape %s, not %s"
              .formatted(getClass().getName(), layer, next.getShape(), expected));
    }
    return next;
  }

  /**
   * Adds a DJL block as a part of this one.
   *
   * @param name prefix of the names of its parameters
   * @param inputDim columns of its input
   */
  protected final <B extends Block> B child(String name, B block, int inputDim) {
    childDims.put(block, inputDim);
    return addChildBlock(name, block);
  }

  @Override
  protected final void initializeChildBlocks(
      NDManager manager, DataType dataType, Shape... inputShapes) {
    for (Block block : children.values()) {
      block.initialize(manager, dataType, new Shape(1, childDims.get(block)));
    }
  }

  @Override
  protected final NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
    ForwardPass pass =
        training
            ? ForwardPass.training(
                store, ThreadLocalRandom.current().nextLong()) // no seed was given
            : ForwardPass.prediction(store);
    return new NDList(logits(inputs.get(0), edges(inputs, numHops), pass));
  }

  /**
   * The edges of each hop, from the input to the seeds, checked by {@link MfgTensors#of}.
   *
   * @param inputs features, two arrays per hop, and perhaps the degrees
   * @throws IllegalArgumentException if there are not as many arrays as the hops need
   */
  static List<MfgTensors> edges(NDList inputs, int numHops) {
    boolean hasDegrees = inputs.size() == 2 + 2 * numHops;
    if (!hasDegrees && inputs.size() != 1 + 2 * numHops) {
      throw new IllegalArgumentException(
          "a block takes features and two arrays per hop: hops=%s, arrays=%s"
              .formatted(numHops, inputs.size()));
    }
    List<MfgTensors> edges = new ArrayList<>();
    long numSrc = inputs.get(0).getShape().get(0);
    for (int hop = 0; hop < numHops; hop++) {
      MfgTensors layer = MfgTensors.of(inputs.get(1 + 2 * hop), inputs.get(2 + 2 * hop));
      if (hasDegrees) {
        layer = layer.withDegrees(inputs.get(inputs.size() - 1).get("0:{}", numSrc));
      }
      edges.add(layer);
      numSrc = layer.numDst();
    }
    return edges;
  }

  /** The first columns of a matrix, without a copy. */
  protected static NDArray firstColumns(NDArray x, long count) {
    return x.get(new NDIndex().addAllDim().addSliceDim(0, count));
  }

  /** The last columns of a matrix, without a copy. */
  protected static NDArray lastColumns(NDArray x, long count) {
    long all = x.getShape().get(1);
    return x.get(new NDIndex().addAllDim().addSliceDim(all - count, all));
  }

  @Override
  public final Shape[] getOutputShapes(Shape[] inputShapes) {
    long rows =
        numHops == 0 ? inputShapes[0].get(0) : inputShapes[2 * numHops].get(0) - 1; // indptr
    return new Shape[] {new Shape(rows, stateDims[numLayers()])};
  }
}
