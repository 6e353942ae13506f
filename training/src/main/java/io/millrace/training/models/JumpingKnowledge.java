package io.millrace.training.models;

import ai.djl.ndarray.NDArray;
import io.millrace.training.nn.Aggregator;
import io.millrace.training.nn.ForwardPass;
import io.millrace.training.nn.GraphBlock;
import io.millrace.training.nn.LayerConfig;
import io.millrace.training.nn.LayeredModel;
import io.millrace.training.nn.LinearLayer;
import io.millrace.training.nn.MfgTensors;
import io.millrace.training.nn.NormActDropout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The jumping knowledge network (Xu et al., "Representation Learning on Graphs with Jumping
 * Knowledge Networks", ICML 2018, section 4) over GraphSAGE's mean layers: a linear map of the
 * outputs of all layers, {@code logits(v) = W jump(h_1(v), ..., h_L(v)) + b}.
 *
 * <p>Parameters: those of {@link GraphSage} and {@link NormActDropout} for each layer, then {@code
 * head.weight} and {@code head.bias}.
 *
 * @param layers of GraphSAGE, each followed by what {@link LayerConfig} says
 * @param jump how the outputs of the layers are joined
 */
public record JumpingKnowledge(LayerConfig layers, Jump jump)
    implements LayeredModel<JumpingKnowledge> {
  /** How the outputs of the layers are joined. */
  public enum Jump {
    /** All of them side by side. */
    CAT,
    /** The maximum of each column. */
    MAX
  }

  public JumpingKnowledge {
    Objects.requireNonNull(layers, "layers");
    Objects.requireNonNull(jump, "jump");
  }

  /** With concatenation, dropout 0.5 and batch normalisation. */
  public static JumpingKnowledge of(int hidden, int layers) {
    return new JumpingKnowledge(LayerConfig.of(hidden, layers), Jump.CAT);
  }

  @Override
  public JumpingKnowledge layers(LayerConfig value) {
    return new JumpingKnowledge(value, jump);
  }

  public JumpingKnowledge jump(Jump value) {
    return new JumpingKnowledge(layers, value);
  }

  @Override
  public GraphBlock newBlock(int inputDim, int numClasses) {
    return new Network(this, inputDim, numClasses);
  }

  /**
   * The states between the layers, where {@code h_l} is the output of layer {@code l}, counted from
   * 1:
   *
   * <pre>
   *   CAT   after layer l  h_1 ... h_l
   *   MAX   after layer 1  h_1;  then  max(h_1 ... h_l), h_l;  after the last  max(h_1 ... h_L)
   * </pre>
   *
   * So {@code h_l} always comes last. Not thread-safe in training.
   */
  private static final class Network extends GraphBlock {
    private final Jump jump;
    private final int width;
    private final List<GraphSage.Layer> convolutions = new ArrayList<>();
    private final List<NormActDropout> hidden = new ArrayList<>();
    private final LinearLayer head;

    Network(JumpingKnowledge model, int inputDim, int numClasses) {
      super(model.numHops(), widths(model, inputDim, numClasses));
      jump = model.jump();
      width = model.layers().hidden();
      for (int l = 0; l < numHops(); l++) {
        int in = l == 0 ? inputDim : width;
        convolutions.add(GraphSage.Layer.of(Aggregator.MEAN, l, in, width));
        hidden.add(new NormActDropout(model.layers(), l, in, width));
        convolutions.getLast().parameters().forEach(this::addParameter);
        hidden.getLast().parameters().forEach(this::addParameter);
      }
      head = LinearLayer.withBias("head.weight", "head.bias", stateDim(numHops()), numClasses);
      head.parameters().forEach(this::addParameter);
    }

    private static int[] widths(JumpingKnowledge model, int inputDim, int numClasses) {
      int numHops = model.numHops();
      int[] widths = new int[numHops + 2];
      widths[0] = inputDim;
      for (int l = 1; l <= numHops; l++) {
        boolean alone = l == 1 || l == numHops;
        int parts = model.jump() == Jump.CAT ? l : alone ? 1 : 2;
        widths[l] = parts * model.layers().hidden();
      }
      widths[numHops + 1] = numClasses;
      return widths;
    }

    @Override
    protected NDArray layer(int layer, NDArray state, MfgTensors edges, ForwardPass pass) {
      if (layer == numHops()) {
        return head.forward(pass, state);
      }
      NDArray h = layer == 0 ? state : lastColumns(state, width);
      NDArray z = convolutions.get(layer).forward(pass, h, edges);
      NDArray next = hidden.get(layer).forward(pass, z, edges.destinations(h));
      return layer == 0 ? next : joined(edges.destinations(state), next, layer == numHops() - 1);
    }

    private NDArray joined(NDArray before, NDArray next, boolean last) {
      return switch (jump) {
        case CAT -> before.concat(next, 1);
        case MAX -> {
          NDArray greatest = firstColumns(before, width).maximum(next);
          yield last ? greatest : greatest.concat(next, 1);
        }
      };
    }
  }
}
