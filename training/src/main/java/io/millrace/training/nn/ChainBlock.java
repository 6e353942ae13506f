package io.millrace.training.nn;

import ai.djl.ndarray.NDArray;
import io.millrace.Internal;
import java.util.ArrayList;
import java.util.List;

/**
 * A chain of convolutions with a {@link NormActDropout} between each two; the last one gives the
 * logits. The states are the hidden values and nothing else. Not thread-safe in training.
 */
@Internal
public final class ChainBlock extends GraphBlock {
  private final List<Convolution> convolutions = new ArrayList<>();
  private final List<NormActDropout> hidden = new ArrayList<>();

  /**
   * @param model whose hops and layers it has
   * @param factory makes the convolutions
   */
  public ChainBlock(
      LayeredModel<?> model, int inputDim, int numClasses, Convolution.Factory factory) {
    super(model.numHops(), model.layers().widths(inputDim, numClasses));
    for (int l = 0; l < numLayers(); l++) {
      int in = stateDim(l);
      int out = stateDim(l + 1);
      convolutions.add(factory.layer(l, in, out));
      convolutions.getLast().parameters().forEach(this::addParameter);
      if (l < numLayers() - 1) {
        hidden.add(new NormActDropout(model.layers(), l, in, out));
        hidden.getLast().parameters().forEach(this::addParameter);
      }
    }
  }

  @Override
  protected int valuesPerEdge(int layer) {
    return convolutions.get(layer).valuesPerEdge();
  }

  @Override
  protected boolean readsInPlace(int layer) {
    return convolutions.get(layer).readsInPlace();
  }

  @Override
  protected NDArray layer(int layer, NDArray h, MfgTensors edges, ForwardPass pass) {
    NDArray z = convolutions.get(layer).forward(pass, h, edges);
    return layer < hidden.size() ? hidden.get(layer).forward(pass, z, edges.destinations(h)) : z;
  }
}
