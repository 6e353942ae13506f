package io.millrace.cli.train;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.cli.command.EnumOptions;
import io.millrace.training.optim.Optimizer;
import java.util.Optional;

/** The optimizers that {@code train --optimizer} knows. */
@Internal
public enum OptimizerKind {
  ADAM,
  ADAMW,
  SGD;

  private static final double DEFAULT_MOMENTUM = 0.9;

  /**
   * @throws BadInputException if the optimizer has no momentum and one is given
   */
  Optimizer optimizer(Optional<Double> momentum) {
    if (this != SGD && momentum.isPresent()) {
      throw BadInputException.of(
          "option does not fit the optimizer",
          "--momentum",
          momentum.get(),
          "--optimizer",
          EnumOptions.label(this));
    }
    return switch (this) {
      case ADAM -> Optimizer.adam();
      case ADAMW -> Optimizer.adamW();
      case SGD -> Optimizer.sgd(momentum.orElse(DEFAULT_MOMENTUM));
    };
  }
}
