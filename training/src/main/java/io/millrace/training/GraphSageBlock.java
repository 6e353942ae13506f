package io.millrace.training;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;

/**
 * The network of {@link GraphSage}.
 *
 * <p>Parameters of layer {@code l}: {@code conv.l.weight_neighbor} and {@code conv.l.weight_self}
 * {@code [out x in]}, {@code conv.l.bias [out]}, and {@code norm.l.*}. Not thread-safe in training.
 */
final class GraphSageBlock extends GraphBlock {
  private final List<LinearLayer> neighbor = new ArrayList<>();
  private final List<LinearLayer> self = new ArrayList<>();
  private final List<HiddenLayer> hidden = new ArrayList<>();

  GraphSageBlock(GraphSage model, int inputDim, int numClasses) {
    super(
        model.layers(), ModelSettings.widths(inputDim, model.hidden(), model.layers(), numClasses));
    for (int layer = 0; layer < model.layers(); layer++) {
      String name = "conv." + layer;
      int in = stateDim(layer);
      int out = stateDim(layer + 1);
      neighbor.add(LinearLayer.withBias(name + ".weight_neighbor", name + ".bias", in, out));
      self.add(LinearLayer.withoutBias(name + ".weight_self", in, out));
      neighbor.getLast().parameters().forEach(this::addParameter);
      self.getLast().parameters().forEach(this::addParameter);
      if (layer < model.layers() - 1) {
        hidden.add(new HiddenLayer(model.norm(), model.dropout(), layer, out));
        hidden.getLast().parameters().forEach(this::addParameter);
      }
    }
  }

  @Override
  protected NDArray layer(int layer, NDArray h, MfgTensors edges, Pass pass) {
    NDArray fromNeighbors = neighbor.get(layer).forward(pass, Aggregation.mean(h, edges));
    NDArray fromSelf = self.get(layer).forward(pass, edges.destinations(h));
    NDArray next = fromNeighbors.add(fromSelf);
    return layer < hidden.size() ? hidden.get(layer).forward(pass, next) : next;
  }
}
