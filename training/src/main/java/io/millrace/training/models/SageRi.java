package io.millrace.training.models;

import ai.djl.ndarray.NDArray;
import io.millrace.training.nn.Aggregator;
import io.millrace.training.nn.ForwardPass;
import io.millrace.training.nn.GraphBlock;
import io.millrace.training.nn.LayerConfig;
import io.millrace.training.nn.LayeredModel;
import io.millrace.training.nn.LinearLayer;
import io.millrace.training.nn.MfgTensors;
import io.millrace.training.nn.Nonlinearity;
import io.millrace.training.nn.Norm;
import io.millrace.training.nn.NormActDropout;
import io.millrace.training.nn.NormLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * GraphSAGE with residuals and an inception-like head, SALIENT's most accurate model (Kaler et al.,
 * "Accelerating Training and Inference of Graph Neural Networks with Fast Sampling and Pipelining",
 * MLSys 2022). With {@code c_0} the features and {@code x_0 = c_0}:
 *
 * <pre>
 *   c_l = dropout(act(norm(SAGE(x_(l-1)))))      x_l = c_l + R x_(l-1)
 *   logits = MLP(c_0, c_1, ..., c_L)             R is linear where the widths differ
 * </pre>
 *
 * There is dropout on the features as well; the perceptron has one hidden layer.
 *
 * <p>Parameters: those of {@link GraphSage} and {@link NormActDropout} for each layer, then the
 * perceptron's {@code head.0.weight}, {@code head.0.bias}, {@code head.norm.*}, {@code
 * head.1.weight}, {@code head.1.bias}.
 *
 * @param layers of GraphSAGE with means, each followed by what {@link LayerConfig} says
 */
public record SageRi(LayerConfig layers) implements LayeredModel<SageRi> {
  public SageRi {
    Objects.requireNonNull(layers, "layers");
  }

  /** SALIENT's settings: dropout 0.1, batch normalisation, leaky rectifiers, residuals. */
  public static SageRi of(int hidden, int layers) {
    return new SageRi(
        new LayerConfig(hidden, layers, 0.1, Norm.BATCH, Nonlinearity.LEAKY_RELU, true));
  }

  @Override
  public SageRi layers(LayerConfig value) {
    return new SageRi(value);
  }

  @Override
  public GraphBlock newBlock(int inputDim, int numClasses) {
    return new Network(layers, inputDim, numClasses);
  }

  /**
   * The state after layer {@code l} is {@code c_0 ... c_l, x_l}, after the last layer without
   * {@code x}. Not thread-safe in training.
   */
  private static final class Network extends GraphBlock {
    private final LayerConfig layers;
    private final List<GraphSage.Layer> convolutions = new ArrayList<>();
    private final List<NormActDropout> hidden = new ArrayList<>();
    private final LinearLayer headFirst;
    private final NormLayer headNorm;
    private final LinearLayer headSecond;

    Network(LayerConfig layers, int inputDim, int numClasses) {
      super(layers.count(), widths(layers, inputDim, numClasses));
      this.layers = layers;
      int width = layers.hidden();
      for (int l = 0; l < numHops(); l++) {
        int in = l == 0 ? inputDim : width;
        convolutions.add(GraphSage.Layer.of(Aggregator.MEAN, l, in, width));
        boolean last = l == numHops() - 1; // no layer reads the last one's residual
        hidden.add(new NormActDropout(last ? layers.residual(false) : layers, l, in, width));
        convolutions.getLast().parameters().forEach(this::addParameter);
        hidden.getLast().parameters().forEach(this::addParameter);
      }
      headFirst = LinearLayer.withBias("head.0.weight", "head.0.bias", stateDim(numHops()), width);
      headNorm = NormLayer.of(layers.norm(), "head.norm", width);
      headSecond = LinearLayer.withBias("head.1.weight", "head.1.bias", width, numClasses);
      headFirst.parameters().forEach(this::addParameter);
      headNorm.parameters().forEach(this::addParameter);
      headSecond.parameters().forEach(this::addParameter);
    }

    private static int[] widths(LayerConfig layers, int inputDim, int numClasses) {
      int[] widths = new int[layers.count() + 2];
      widths[0] = inputDim;
      for (int l = 1; l <= layers.count(); l++) {
        int parts = l < layers.count() ? l + 1 : l;
        widths[l] = inputDim + parts * layers.hidden();
      }
      widths[layers.count() + 1] = numClasses;
      return widths;
    }

    @Override
    protected NDArray layer(int layer, NDArray state, MfgTensors edges, ForwardPass pass) {
      if (layer == numHops()) {
        return head(state, pass);
      }
      if (layer == 0) {
        NDArray features = pass.dropout(state, layers.dropout());
        return hop(0, features, features, edges, pass);
      }
      long numCollected = stateDim(layer) - layers.hidden();
      NDArray x = lastColumns(state, layers.hidden());
      return hop(layer, firstColumns(state, numCollected), x, edges, pass);
    }

    private NDArray hop(
        int layer, NDArray collected, NDArray x, MfgTensors edges, ForwardPass pass) {
      NDArray z = convolutions.get(layer).forward(pass, x, edges);
      NDArray values = hidden.get(layer).values(pass, z);
      NDArray all = edges.destinations(collected).concat(values, 1);
      if (layer == numHops() - 1) {
        return all;
      }
      return all.concat(hidden.get(layer).withResidual(pass, values, edges.destinations(x)), 1);
    }

    private NDArray head(NDArray all, ForwardPass pass) {
      NDArray h = layers.activation().of(headNorm.forward(pass, headFirst.forward(pass, all)));
      return headSecond.forward(pass, h);
    }
  }
}
