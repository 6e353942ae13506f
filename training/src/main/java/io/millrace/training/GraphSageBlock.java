package io.millrace.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.List;

/**
 * The network of {@link GraphSage}: see {@link GraphModel} for what goes in and comes out.
 *
 * <p>Parameters of layer {@code l}: {@code conv.l.weight_neighbor} and {@code conv.l.weight_self}
 * {@code [out x in]}, {@code conv.l.bias [out]}, and {@code norm.l.*}. Not thread-safe in training.
 */
final class GraphSageBlock extends AbstractBlock {
  private final List<LinearLayer> neighbor = new ArrayList<>();
  private final List<LinearLayer> self = new ArrayList<>();
  private final List<HiddenLayer> hidden = new ArrayList<>();
  private final int numClasses;

  GraphSageBlock(GraphSage model, int inputDim, int numClasses) {
    this.numClasses = numClasses;
    int[] widths = ModelSettings.widths(inputDim, model.hidden(), model.layers(), numClasses);
    for (int layer = 0; layer < model.layers(); layer++) {
      String name = "conv." + layer;
      int in = widths[layer];
      int out = widths[layer + 1];
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
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
    NDArray h = inputs.get(0);
    for (int layer = 0; layer < self.size(); layer++) {
      NDArray indices = inputs.get(1 + 2 * layer);
      NDArray indptr = inputs.get(2 + 2 * layer);
      NDArray mean = Aggregation.mean(h, indices, indptr);
      NDArray destinations = h.get(new NDIndex().addSliceDim(0, indptr.size() - 1));
      h =
          neighbor
              .get(layer)
              .forward(store, mean, training)
              .add(self.get(layer).forward(store, destinations, training));
      if (layer < hidden.size()) {
        h = hidden.get(layer).forward(store, h, training);
      }
    }
    return new NDList(h);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {new Shape(inputShapes[inputShapes.length - 1].get(0) - 1, numClasses)};
  }
}
