package io.millrace.training;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;

/**
 * The network of {@link Mlp}: all its layers are behind the last hop, for there is none. Parameters
 * of layer {@code l}: {@code linear.l.weight [out x in]}, {@code linear.l.bias [out]}, and {@code
 * norm.l.*}. Not thread-safe in training.
 */
final class MlpBlock extends GraphBlock {
  private final List<LinearLayer> linear = new ArrayList<>();
  private final List<HiddenLayer> hidden = new ArrayList<>();

  MlpBlock(Mlp model, int inputDim, int numClasses) {
    super(0, ModelSettings.widths(inputDim, model.hidden(), model.layers(), numClasses));
    for (int layer = 0; layer < model.layers(); layer++) {
      String name = "linear." + layer;
      int out = stateDim(layer + 1);
      linear.add(LinearLayer.withBias(name + ".weight", name + ".bias", stateDim(layer), out));
      linear.getLast().parameters().forEach(this::addParameter);
      if (layer < model.layers() - 1) {
        hidden.add(new HiddenLayer(model.norm(), model.dropout(), layer, out));
        hidden.getLast().parameters().forEach(this::addParameter);
      }
    }
  }

  @Override
  protected NDArray layer(int layer, NDArray h, MfgTensors edges, Pass pass) {
    NDArray next = linear.get(layer).forward(pass, h);
    return layer < hidden.size() ? hidden.get(layer).forward(pass, next) : next;
  }
}
