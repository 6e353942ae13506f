package io.millrace.training.nn;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.draw.Draw;
import io.millrace.sampler.draw.EdgeWeights;
import io.millrace.transfer.PipelineBuilder;
import java.util.Optional;

/**
 * Checks what a model reads of edges against a dataset and a draw, and asks a pipeline for it.
 * Stateless.
 */
@Internal
public final class EdgeNeeds {
  private EdgeNeeds() {}

  /** Whether the model reads anything of edges but their ends. */
  public static boolean readsEdges(GraphModel model) {
    return model.edgeColumns().bytes() > 0 || model.usesWeightedDegrees();
  }

  private static boolean readsWeights(GraphModel model) {
    return model.edgeColumns().weights() || model.usesWeightedDegrees();
  }

  /**
   * @throws BadInputException if the dataset's edges lack what the model reads
   */
  public static void require(GraphModel model, GraphDataset data) {
    data.edges().requireColumns(model.edgeColumns());
  }

  /**
   * The weights of the edges, if the model reads them; all are looked at.
   *
   * @throws BadInputException if one is negative or not finite, or there are none
   */
  public static Optional<EdgeWeights> weights(GraphModel model, GraphDataset data) {
    return readsWeights(model) ? Optional.of(EdgeWeights.of(data)) : Optional.empty();
  }

  /**
   * A draw that prefers by weight counts the weights in its choice: a model that multiplies by them
   * would count them twice. It needs a draw that ignores them or one with a scale, which in turn
   * means nothing to a model without weights.
   *
   * @throws BadInputException if draw and model do not fit
   */
  public static void requireDraw(GraphModel model, Draw draw) {
    if (readsWeights(model) && draw.needsWeights() && !draw.hasScale()) {
      throw BadInputException.of(
          "the model multiplies by edge weights, so edges cannot be preferred by them, too",
          "draw",
          draw,
          "use",
          Draw.weightedEstimate());
    }
    if (!readsWeights(model) && draw.hasScale()) {
      throw BadInputException.of("the model does not use the scale of an estimate", "draw", draw);
    }
  }

  /** Asks for everything besides features and edges that the model names. */
  public static PipelineBuilder apply(GraphModel model, PipelineBuilder builder) {
    return builder
        .degrees(model.usesDegrees())
        .weightedDegrees(model.usesWeightedDegrees())
        .edgeColumns(model.edgeColumns());
  }
}
