package io.millrace.cli;

import io.millrace.training.GraphModel;
import io.millrace.training.GraphSage;
import io.millrace.training.Mlp;
import io.millrace.training.Norm;

/** The models that {@code train --model} knows. */
enum ModelKind {
  SAGE,
  MLP;

  GraphModel model(int hidden, int layers, double dropout, Norm norm) {
    return switch (this) {
      case SAGE -> new GraphSage(hidden, layers, dropout, norm);
      case MLP -> new Mlp(hidden, layers, dropout, norm);
    };
  }
}
