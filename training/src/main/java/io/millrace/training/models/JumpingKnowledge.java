package io.millrace.training.models;

import io.millrace.training.nn.GraphBlock;
import io.millrace.training.nn.LayerConfig;
import io.millrace.training.nn.LayeredModel;
import java.util.Objects;

/**
 * The jumping knowledge network (Xu et al., "Representation Learning on Graphs with Jumping
 * Knowledge Networks", ICML 2018, section 4) over GraphSAGE's mean layers: a linear map of what all
 * layers have given a node, {@code logits(v) = W jump(h_1(v), ..., h_L(v)) + b}.
 *
 * @param layers of GraphSAGE, each followed by what {@link LayerConfig} says
 * @param jump how their values are joined
 */
public record JumpingKnowledge(LayerConfig layers, Jump jump)
    implements LayeredModel<JumpingKnowledge> {
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
    return new JumpBlock(this, inputDim, numClasses);
  }
}
