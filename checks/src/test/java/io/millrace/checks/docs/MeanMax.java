package io.millrace.checks.docs;

// begin of the example
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import io.millrace.training.nn.Aggregation;
import io.millrace.training.nn.ForwardPass;
import io.millrace.training.nn.GraphBlock;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.MfgTensors;
import java.util.ArrayList;
import java.util.List;

/** Two layers, each a linear map of a node's own values, its neighbours' mean and their maximum. */
public record MeanMax(int hidden) implements GraphModel {
  @Override
  public int numHops() {
    return 2;
  }

  @Override
  public GraphBlock newBlock(int inputDim, int numClasses) {
    return new MeanMaxBlock(inputDim, hidden, numClasses);
  }

  private static final class MeanMaxBlock extends GraphBlock {
    private final List<Linear> linear = new ArrayList<>();

    MeanMaxBlock(int inputDim, int hidden, int numClasses) {
      super(2, inputDim, hidden, numClasses); // hops, then the columns before, between and after
      for (int l = 0; l < numLayers(); l++) {
        Linear next = Linear.builder().setUnits(stateDim(l + 1)).build();
        linear.add(child("linear" + l, next, 3 * stateDim(l)));
      }
    }

    /** Rows of the sources in, rows of the destinations out. */
    @Override
    protected NDArray layer(int l, NDArray h, MfgTensors edges, ForwardPass pass) {
      NDArray own = edges.destinations(h);
      NDArray mean = Aggregation.mean(h, edges);
      NDArray max = Aggregation.max(h, edges);
      NDList all = new NDList(NDArrays.concat(new NDList(own, mean, max), 1));
      NDArray z = linear.get(l).forward(pass.store(), all, pass.training()).head();
      return l == 0 ? Activation.relu(z) : z;
    }
  }
}
// end of the example
