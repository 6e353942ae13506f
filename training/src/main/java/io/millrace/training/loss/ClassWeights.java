package io.millrace.training.loss;

import io.millrace.BadInputException;
import java.util.Arrays;
import java.util.List;

/**
 * How much each class counts in the loss.
 *
 * <p>In cross-entropy a class's weight is that of its nodes, and only the ratios matter: weights
 * are scaled to a mean of 1 over the training nodes. In binary cross-entropy it is the weight of a
 * yes relative to a no (torch's pos_weight), as it is given. The next class to read is {@link
 * BalancedWeights}.
 */
public sealed interface ClassWeights {
  /** All the same. */
  static ClassWeights equal() {
    return new Equal();
  }

  /** Rare classes count more, so that all classes count the same together. */
  static ClassWeights balanced() {
    return new Balanced();
  }

  /** A positive weight for each class. */
  static ClassWeights of(double... weights) {
    return new Given(Arrays.stream(weights).boxed().toList());
  }

  record Equal() implements ClassWeights {}

  record Balanced() implements ClassWeights {}

  /**
   * @param weights one per class
   */
  record Given(List<Double> weights) implements ClassWeights {
    public Given {
      weights = List.copyOf(weights);
      for (int c = 0; c < weights.size(); c++) {
        double weight = weights.get(c);
        if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
          throw BadInputException.of("class weight must be positive", "class", c, "weight", weight);
        }
      }
    }
  }
}
