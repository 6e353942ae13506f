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
   * @param numHops 0 if the convolutions do not read edges, else the number of layers
   */
  public ChainBlock(
      int numHops, LayerConfig layers, int inputDim, int numClasses, Convolution.Factory factory) {
    super(numHops, layers.widths(inputDim, numClasses));
    for (int l = 0; l < numLayers(); l++) {
      int in = stateDim(l);
      int out = stateDim(l + 1);
      convolutions.add(factory.layer(l, in, out));
      convolutions.getLast().parameters().forEach(this::addParameter);
      if (l < numLayers() - 1) {
        hidden.add(new NormActDropout(layers, l, in, out));
        hidden.getLast().parameters().forEach(this::addParameter);
      }
    }
  }

  @Override
  protected int valuesPerEdge(int layer) {
    return convolutions.get(layer).valuesPerEdge();
  }

  @Override
  protected NDArray layer(int layer, NDArray h, MfgTensors edges, ForwardPass pass) {
    NDArray z = convolutions.get(layer).forward(pass, h, edges);
    return layer < hidden.size() ? hidden.get(layer).forward(pass, z, edges.destinations(h)) : z;
  }
}
