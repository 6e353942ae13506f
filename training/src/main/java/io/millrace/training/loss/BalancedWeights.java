package io.millrace.training.loss;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.NodeLabels;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * From {@link ClassWeights} and the training nodes to the weights in the loss. With {@code n(c)}
 * nodes of class c, n of all k classes that occur, and {@code m(c)} of which it is known that they
 * are not of class c:
 *
 * <pre>
 *   cross-entropy, balanced   w(c) = n / (k n(c))             as scikit-learn
 *   cross-entropy, given      w(c) = g(c) n / sum(n(i) g(i))  so that the mean over the nodes is 1
 *   binary, balanced          w(c) = m(c) / n(c)              as torch recommends
 *   binary, given             w(c) = g(c)
 * </pre>
 *
 * A class that does not occur keeps the weight 1. Immutable.
 */
@Internal
public final class BalancedWeights {
  private final int numClasses;
  private final long[] yes;
  private final long[] no;

  private BalancedWeights(NodeLabels labels, int[] nodes) {
    numClasses = labels.numClasses();
    yes = new long[numClasses];
    no = new long[numClasses];
    for (int node : nodes) {
      if (labels.isMultiLabel()) {
        for (int c = 0; c < numClasses; c++) {
          yes[c] += labels.get(node, c) == 1 ? 1 : 0;
          no[c] += labels.get(node, c) == 0 ? 1 : 0;
        }
      } else if (labels.isLabelled(node)) {
        yes[labels.get(node)]++;
      }
    }
    if (!labels.isMultiLabel()) {
      long all = Arrays.stream(yes).sum();
      Arrays.setAll(no, c -> all - yes[c]);
    }
  }

  /**
   * @param nodes that are trained on
   * @return a weight per class; none if all are the same
   * @throws BadInputException if weights are given, but not one per class, or the loss has none
   */
  public static Optional<float[]> of(
      ClassWeights weights, Loss loss, NodeLabels labels, int[] nodes) {
    if (!weights.equals(ClassWeights.equal()) && !(loss instanceof FusedLoss)) {
      throw BadInputException.of("class weights need cross-entropy or BCE", "loss", loss);
    }
    return switch (weights) {
      case ClassWeights.Equal() -> Optional.empty();
      case ClassWeights.Balanced() ->
          Optional.of(new BalancedWeights(labels, nodes).balanced(loss));
      case ClassWeights.Given(List<Double> given) -> {
        if (given.size() != labels.numClasses()) {
          throw BadInputException.of(
              "need one weight per class",
              "weights",
              given.size(),
              "numClasses",
              labels.numClasses());
        }
        yield Optional.of(new BalancedWeights(labels, nodes).given(loss, given));
      }
    };
  }

  private float[] balanced(Loss loss) {
    double all = Arrays.stream(yes).sum();
    long numSeen = Arrays.stream(yes).filter(count -> count > 0).count();
    return loss.equals(Loss.BCE)
        ? each(c -> yes[c] == 0 || no[c] == 0 ? 1 : (double) no[c] / yes[c])
        : each(c -> yes[c] == 0 ? 1 : all / (numSeen * yes[c]));
  }

  private float[] given(Loss loss, List<Double> given) {
    double all = Arrays.stream(yes).sum();
    double weighted = IntStream.range(0, numClasses).mapToDouble(c -> yes[c] * given.get(c)).sum();
    return loss.equals(Loss.BCE) ? each(given::get) : each(c -> given.get(c) * all / weighted);
  }

  private float[] each(IntToDoubleFunction weight) {
    float[] weights = new float[numClasses];
    for (int c = 0; c < numClasses; c++) {
      weights[c] = (float) weight.applyAsDouble(c);
    }
    return weights;
  }
}
