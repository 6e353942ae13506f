package io.millrace.sampler.draw;

import io.millrace.BadInputException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How a node's neighbours are drawn when not all of them are taken. A value: it can be shared,
 * compared and printed, and it holds no state of a sampler.
 *
 * <p>What is drawn are edges, so parallel edges count separately. A hop whose fanout is {@code
 * Fanout.ALL} takes every edge once, in row order, whatever the draw. For a draw by weight, an edge
 * of weight 0 does not exist.
 *
 * <p>To add a kind: a record here, and its {@code RowDraw}.
 */
public sealed interface Draw {
  /**
   * Every subset of the requested size is equally likely. A node with fewer neighbours than the
   * fanout gives them all.
   */
  record Uniform() implements Draw {
    @Override
    public String toString() {
      return "uniform";
    }
  }

  /**
   * Each draw is any neighbour, independently of the others. A node with neighbours gives exactly
   * as many as the fanout, repeats included.
   */
  record WithReplacement() implements Draw {
    @Override
    public String toString() {
      return "replace";
    }
  }

  /**
   * Successive sampling: the first edge with a probability proportional to its weight, each next
   * one proportional to its weight among the rest. Note that the probability of being among {@code
   * k} edges is therefore not proportional to the weight: of the weights 1, 2, 3, 4 two draws
   * include the edges with probabilities .235, .441, .608, .716.
   *
   * @param estimate whether layers have a {@code scale}: factors {@code a} for which the sum of
   *     {@code a[i] * x[i]} over the drawn edges is an unbiased estimate of the sum of {@code
   *     weight * x} over the whole row; models with weights use it. Without it the weights are a
   *     preference, and models treat the drawn edges as equal.
   */
  record Weighted(boolean estimate) implements Draw {
    @Override
    public String toString() {
      return estimate ? "weighted-estimate" : "weighted";
    }
  }

  /**
   * Each draw is an edge with a probability proportional to its weight, independently of the
   * others.
   */
  record WeightedWithReplacement() implements Draw {
    @Override
    public String toString() {
      return "weighted-replace";
    }
  }

  /**
   * LABOR-0 in the form of sequential Poisson sampling (Balin and Çatalyürek, "Layer-neighbor
   * sampling", NeurIPS 2023): every source has one random number per hop and batch, and each row
   * takes the edges whose sources have the smallest. For one row this is {@link Uniform}; rows with
   * common sources agree, so that a batch has fewer nodes.
   *
   * <p>The parallel edges from one source are drawn together, so sums that are estimated from rows
   * with parallel edges are biased.
   *
   * @param layerDependent whether the numbers are the same at every hop
   */
  record Labor(boolean layerDependent) implements Draw {
    @Override
    public String toString() {
      return layerDependent ? "labor-dependent" : "labor";
    }
  }

  /**
   * The latest edges, without chance: those with the largest times and, of equal times, those that
   * came later in the input. A node with fewer neighbours than the fanout gives them all. The graph
   * must have edge times.
   */
  record Latest() implements Draw {
    @Override
    public String toString() {
      return "latest";
    }
  }

  /** Every kind, in the order in which options list them. */
  List<Draw> ALL =
      List.of(
          new Uniform(),
          new WithReplacement(),
          new Weighted(false),
          new Weighted(true),
          new WeightedWithReplacement(),
          new Labor(false),
          new Labor(true),
          new Latest());

  /** The default: {@link Uniform}. */
  static Draw uniform() {
    return new Uniform();
  }

  /** Draws {@link WithReplacement}. */
  static Draw withReplacement() {
    return new WithReplacement();
  }

  /** Draws {@link Weighted} edges as a preference. */
  static Draw weighted() {
    return new Weighted(false);
  }

  /** Draws {@link Weighted} edges with the scale of an estimate. */
  static Draw weightedEstimate() {
    return new Weighted(true);
  }

  /** Draws {@link WeightedWithReplacement}. */
  static Draw weightedWithReplacement() {
    return new WeightedWithReplacement();
  }

  /** Draws by {@link Labor}, with other random numbers at each hop. */
  static Draw labor() {
    return new Labor(false);
  }

  /** Draws the {@link Latest} edges. */
  static Draw latest() {
    return new Latest();
  }

  /** Reads what {@code toString} writes, for example {@code "weighted-estimate"}. */
  static Draw parse(String text) {
    return ALL.stream()
        .filter(draw -> draw.toString().equals(text))
        .findFirst()
        .orElseThrow(() -> BadInputException.of("no such draw", "draw", text, "known", names()));
  }

  /** The names that {@link #parse} reads, separated by bars. */
  static String names() {
    return ALL.stream().map(Draw::toString).collect(Collectors.joining("|"));
  }

  /** Whether the graph's edges must have times. */
  default boolean needsTimes() {
    return this instanceof Latest;
  }

  /** Whether the graph's edges must have weights. */
  default boolean needsWeights() {
    return this instanceof Weighted || this instanceof WeightedWithReplacement;
  }

  /** Whether the layers have a scale per edge. */
  default boolean hasScale() {
    return this instanceof Weighted(boolean estimate) && estimate;
  }
}
