package io.millrace.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.List;

/**
 * The network of {@link Mlp}: {@code [numSeeds x inputDim]} in, the logits {@code [numSeeds x
 * numClasses]} out. Parameters of layer {@code l}: {@code linear.l.weight [out x in]}, {@code
 * linear.l.bias [out]}, and {@code norm.l.*}. Not thread-safe in training.
 */
final class MlpBlock extends AbstractBlock {
  private final List<LinearLayer> linear = new ArrayList<>();
  private final List<HiddenLayer> hidden = new ArrayList<>();
  private final int numClasses;

  MlpBlock(Mlp model, int inputDim, int numClasses) {
    this.numClasses = numClasses;
    int[] widths = ModelSettings.widths(inputDim, model.hidden(), model.layers(), numClasses);
    for (int layer = 0; layer < model.layers(); layer++) {
      String name = "linear." + layer;
      int out = widths[layer + 1];
      linear.add(LinearLayer.withBias(name + ".weight", name + ".bias", widths[layer], out));
      linear.getLast().parameters().forEach(this::addParameter);
      if (layer < model.layers() - 1) {
        hidden.add(new HiddenLayer(model.norm(), model.dropout(), layer, out));
        hidden.getLast().parameters().forEach(this::addParameter);
      }
    }
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
    NDArray h = inputs.get(0);
    for (int layer = 0; layer < linear.size(); layer++) {
      h = linear.get(layer).forward(store, h, training);
      if (layer < hidden.size()) {
        h = hidden.get(layer).forward(store, h, training);
      }
    }
    return new NDList(h);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {new Shape(inputShapes[0].get(0), numClasses)};
  }
}
