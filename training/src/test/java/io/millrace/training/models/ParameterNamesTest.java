package io.millrace.training.models;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.millrace.training.OpenResources;
import io.millrace.training.nn.LayeredModel;
import io.millrace.training.nn.Network;
import io.millrace.training.nn.Norm;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The names and shapes of parameters are those in weights files: they must not change. */
class ParameterNamesTest {
  private final OpenResources open = new OpenResources();

  @AfterEach
  void nothingStaysOpen() {
    open.close();
  }

  private static void assertNames(LayeredModel<?> model, String expected) {
    try (Network network = new Network(model.norm(Norm.LAYER).residual(true), 3, 2, 1);
        NDList weights = network.copy()) {
      String found =
          weights.stream()
              .map(ParameterNamesTest::nameAndShape)
              .filter(it -> !it.startsWith("norm."))
              .collect(Collectors.joining("\n"));
      assertEquals(expected.strip(), found);
    }
  }

  private static String nameAndShape(NDArray weight) {
    return weight.getName() + " " + weight.getShape();
  }

  @Test
  void ofGcn() {
    assertNames(
        Gcn.of(4, 2),
        """
        conv.0.weight (4, 3)
        conv.0.bias (4)
        residual.0.weight (4, 3)
        conv.1.weight (2, 4)
        conv.1.bias (2)
        """);
  }

  @Test
  void ofGat() {
    assertNames(
        Gat.of(4, 2).heads(2),
        """
        conv.0.weight (4, 3)
        conv.0.attention_src (2, 2)
        conv.0.attention_dst (2, 2)
        conv.0.bias (4)
        residual.0.weight (4, 3)
        conv.1.weight (4, 4)
        conv.1.attention_src (2, 2)
        conv.1.attention_dst (2, 2)
        conv.1.bias (2)
        """);
  }

  @Test
  void ofGin() {
    assertNames(
        Gin.of(4, 1),
        """
        conv.0.eps (1)
        conv.0.weight_1 (4, 3)
        conv.0.bias_1 (4)
        conv.0.norm.weight (4)
        conv.0.norm.bias (4)
        conv.0.weight_2 (2, 4)
        conv.0.bias_2 (2)
        """);
  }

  @Test
  void ofSageRi() {
    assertNames(
        SageRi.of(4, 2),
        """
        conv.0.weight_neighbor (4, 3)
        conv.0.bias (4)
        conv.0.weight_self (4, 3)
        residual.0.weight (4, 3)
        conv.1.weight_neighbor (4, 4)
        conv.1.bias (4)
        conv.1.weight_self (4, 4)
        head.0.weight (4, 11)
        head.0.bias (4)
        head.norm.weight (4)
        head.norm.bias (4)
        head.1.weight (2, 4)
        head.1.bias (2)
        """);
  }

  /** Nothing follows its only hop, so that has no residual: its weights would never be learned. */
  @Test
  void ofSageRiWithOneHop() {
    assertNames(
        SageRi.of(4, 1),
        """
        conv.0.weight_neighbor (4, 3)
        conv.0.bias (4)
        conv.0.weight_self (4, 3)
        head.0.weight (4, 7)
        head.0.bias (4)
        head.norm.weight (4)
        head.norm.bias (4)
        head.1.weight (2, 4)
        head.1.bias (2)
        """);
  }

  @Test
  void ofJumpingKnowledge() {
    assertNames(
        JumpingKnowledge.of(4, 2),
        """
        conv.0.weight_neighbor (4, 3)
        conv.0.bias (4)
        conv.0.weight_self (4, 3)
        residual.0.weight (4, 3)
        conv.1.weight_neighbor (4, 4)
        conv.1.bias (4)
        conv.1.weight_self (4, 4)
        head.weight (2, 8)
        head.bias (2)
        """);
  }

  @Test
  void ofTheMlp() {
    assertNames(
        Mlp.of(4, 2),
        """
        linear.0.weight (4, 3)
        linear.0.bias (4)
        residual.0.weight (4, 3)
        linear.1.weight (2, 4)
        linear.1.bias (2)
        """);
  }
}
