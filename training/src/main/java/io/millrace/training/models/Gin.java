package io.millrace.training.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import io.millrace.training.nn.Aggregator;
import io.millrace.training.nn.ChainBlock;
import io.millrace.training.nn.Convolution;
import io.millrace.training.nn.ForwardPass;
import io.millrace.training.nn.GraphBlock;
import io.millrace.training.nn.LayerConfig;
import io.millrace.training.nn.LayeredModel;
import io.millrace.training.nn.LinearLayer;
import io.millrace.training.nn.MfgTensors;
import io.millrace.training.nn.Nonlinearity;
import io.millrace.training.nn.NormLayer;
import io.millrace.training.torch.Scalars;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The graph isomorphism network (Xu, Hu, Leskovec and Jegelka, "How Powerful are Graph Neural
 * Networks?", ICLR 2019, equation 4.1): {@code h'(v) = MLP((1 + eps) h(v) + sum(h(u), u in N(v)))}
 * with a learned eps. The perceptron is {@code W2 act(norm(W1 s + b1)) + b2}.
 *
 * <p>The sum is that over all neighbours in the graph, estimated without bias from the sampled ones
 * ({@link Aggregator#SUM}). A model trained on samples can therefore predict from all neighbours.
 *
 * <p>A draw that prefers edges by weight gives no estimate of this sum, but the degree times the
 * mean of what was preferred.
 *
 * <p>Parameters of layer {@code l}: {@code conv.l.eps [1]}, {@code conv.l.weight_1 [hidden x in]},
 * {@code conv.l.bias_1}, {@code conv.l.norm.*}, {@code conv.l.weight_2 [out x hidden]}, {@code
 * conv.l.bias_2}.
 *
 * @param layers how many layers, and what stands between them; the last one gives the logits
 */
public record Gin(LayerConfig layers) implements LayeredModel<Gin> {
  public Gin {
    Objects.requireNonNull(layers, "layers");
  }

  /** With dropout 0.5 and batch normalisation. */
  public static Gin of(int hidden, int layers) {
    return new Gin(LayerConfig.of(hidden, layers));
  }

  @Override
  public Gin layers(LayerConfig value) {
    return new Gin(value);
  }

  @Override
  public boolean usesDegrees() {
    return true;
  }

  @Override
  public GraphBlock newBlock(int inputDim, int numClasses) {
    return new ChainBlock(
        this, inputDim, numClasses, (layer, in, out) -> Layer.of(layers, layer, in, out));
  }

  /** One layer, also of {@link Gine}. */
  record Layer(
      Parameter eps, LinearLayer first, NormLayer norm, Nonlinearity activation, LinearLayer second)
      implements Convolution {
    static Layer of(LayerConfig layers, int layer, int in, int out) {
      String name = "conv." + layer;
      Parameter eps =
          Parameter.builder()
              .setName(name + ".eps")
              .setType(Parameter.Type.OTHER)
              .optShape(new Shape(1))
              .optInitializer(Initializer.ZEROS)
              .build();
      int hidden = layers.hidden();
      return new Layer(
          eps,
          LinearLayer.withBias(name + ".weight_1", name + ".bias_1", in, hidden),
          NormLayer.of(layers.norm(), name + ".norm", hidden),
          layers.activation(),
          LinearLayer.withBias(name + ".weight_2", name + ".bias_2", hidden, out));
    }

    @Override
    public List<Parameter> parameters() {
      List<Parameter> all = new ArrayList<>(List.of(eps));
      all.addAll(first.parameters());
      all.addAll(norm.parameters());
      all.addAll(second.parameters());
      return all;
    }

    @Override
    public NDArray forward(ForwardPass pass, NDArray h, MfgTensors edges) {
      return update(pass, h, Aggregator.SUM.aggregate(h, edges), edges);
    }

    /**
     * @param ofNeighbors the sum over the neighbours, {@code [numDst x in]}
     */
    NDArray update(ForwardPass pass, NDArray h, NDArray ofNeighbors, MfgTensors edges) {
      NDArray learned = pass.value(eps, h.getDevice());
      NDArray self = edges.destinations(h).mul(learned.add(Scalars.like(learned, 1)));
      NDArray sum = self.add(ofNeighbors);
      NDArray hidden = activation.of(norm.forward(pass, first.forward(pass, sum)));
      return second.forward(pass, hidden);
    }
  }
}
