package io.millrace.training.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import io.millrace.training.OpenResources;
import io.millrace.training.torch.GradMode;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A block of one's own: two hops of shares of the neighbours, and a linear layer behind them. */
class GraphBlockTest {
  private final OpenResources open = new OpenResources();

  @AfterEach
  void nothingStaysOpen() {
    open.close();
  }

  /** Carries the first column through both hops, unless told to give something else. */
  private static final class OwnBlock extends GraphBlock {
    private final Linear head;
    private final int columns;

    OwnBlock(int inputDim, int numClasses, int columns) {
      super(2, inputDim, inputDim, inputDim, numClasses);
      this.columns = columns;
      head = child("head", Linear.builder().setUnits(numClasses).build(), inputDim);
    }

    @Override
    protected NDArray layer(int layer, NDArray state, MfgTensors edges, ForwardPass pass) {
      if (layer == numHops()) {
        return head.forward(pass.store(), new NDList(state), pass.training()).head();
      }
      NDArray share = state.div(edges.degrees().maximum(1).reshape(-1, 1));
      return Aggregation.sum(share, edges).get(":, 0:{}", columns);
    }
  }

  private record Own(int numHops, int columns) implements GraphModel {
    @Override
    public boolean usesDegrees() {
      return true;
    }

    @Override
    public GraphBlock newBlock(int inputDim, int numClasses) {
      return new OwnBlock(inputDim, numClasses, columns);
    }
  }

  /** Nodes 0 to 3: 0 <- 1, 2 and 1 <- 3 in the first hop, 0 <- 1 in the second. */
  private static NDList inputs(Network network, int numArrays) {
    NDList all =
        new NDList(
            network.manager().create(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, new Shape(4, 2)),
            network.manager().create(new int[] {1, 2, 3}),
            network.manager().create(new int[] {0, 2, 3}),
            network.manager().create(new int[] {1}),
            network.manager().create(new int[] {0, 1}),
            network.manager().create(new int[] {5, 2, 1, 4}));
    return all.subNDList(0, numArrays);
  }

  @Test
  void aBlockOfOnesOwnIsAChainOfItsLayers() {
    try (Network network = new Network(new Own(2, 2), 2, 3, 1);
        NDList weights = network.copy();
        GradMode _ = GradMode.off()) {
      NDArray logits = Forward.logits(network, inputs(network, 6), false);
      // node 1 after the first hop: (7, 8) / 4; node 0 after the second: that / 2
      NDArray w = weights.get("01head_weight");
      NDArray expected = network.manager().create(new float[] {7 / 8f, 1}, new Shape(1, 2));
      expected = expected.matMul(w.transpose()).add(weights.get("01head_bias"));
      assertArrayEquals(expected.toFloatArray(), logits.toFloatArray(), 1e-6f);
      assertEquals(2 * 3 + 3, network.numParameters());
    }
  }

  @Test
  void saysWhichLayerGaveTheWrongShape() {
    try (Network network = new Network(new Own(2, 1), 2, 3, 1)) {
      IllegalStateException e =
          assertThrows(
              IllegalStateException.class,
              () -> Forward.logits(network, inputs(network, 6), false));
      assertTrue(e.getMessage().contains("layer 0 gave the shape (2, 1), not (2, 2)"));
    }
  }

  @Test
  void refusesABlockThatHasOtherHopsThanItsModel() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> new Network(new Own(3, 2), 2, 3, 1).close());
    assertTrue(e.getMessage().contains("hops=3, block's=2"), e.getMessage());
  }

  @Test
  void refusesTooFewArraysAndDegreesThatAreNotThere() {
    try (Network network = new Network(new Own(2, 2), 2, 3, 1)) {
      assertThrows(
          IllegalArgumentException.class, () -> Forward.logits(network, inputs(network, 4), false));
      IllegalStateException e =
          assertThrows(
              IllegalStateException.class,
              () -> Forward.logits(network, inputs(network, 5), false));
      assertTrue(e.getMessage().contains("uses degrees"), e.getMessage());
      assertThrows(IllegalStateException.class, MfgTensors.NONE::indices);
    }
  }

  @Test
  void layersAreAsManyAsStatesBetweenThem() {
    GraphBlock block = new Own(2, 2).newBlock(7, 3);
    assertEquals(3, block.numLayers());
    assertEquals(List.of(7, 7, 7, 3), List.of(0, 1, 2, 3).stream().map(block::stateDim).toList());
  }

  @Test
  void refusesToHaveFewerLayersThanHops() {
    assertThrows(IllegalArgumentException.class, () -> new Widths(2, 4, 3));
    assertThrows(IllegalArgumentException.class, () -> new Widths(0, 4));
    assertThrows(IllegalArgumentException.class, () -> new Widths(-1, 4, 3));
    assertEquals(1, new Widths(0, 4, 3).numLayers());
  }

  private static final class Widths extends GraphBlock {
    Widths(int numHops, int... dims) {
      super(numHops, dims);
    }

    @Override
    protected NDArray layer(int layer, NDArray state, MfgTensors edges, ForwardPass pass) {
      return state;
    }
  }
}
