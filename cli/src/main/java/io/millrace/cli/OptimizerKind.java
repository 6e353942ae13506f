package io.millrace.cli;

import io.millrace.training.Optimizer;

/** The optimizers that {@code train --optimizer} knows. */
enum OptimizerKind {
  ADAM,
  ADAMW,
  SGD;

  Optimizer optimizer(double momentum) {
    return switch (this) {
      case ADAM -> Optimizer.adam();
      case ADAMW -> Optimizer.adamW();
      case SGD -> Optimizer.sgd(momentum);
    };
  }
}
