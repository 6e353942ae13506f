package io.millrace.cli;

import io.millrace.training.Gat;
import io.millrace.training.Gcn;
import io.millrace.training.Gin;
import io.millrace.training.GraphSage;
import io.millrace.training.JumpingKnowledge;
import io.millrace.training.LayeredModel;
import io.millrace.training.Mlp;
import io.millrace.training.SageRi;

/** The models that {@code train --model} knows. */
enum ModelKind {
  SAGE,
  GCN,
  GAT,
  GIN,
  SAGE_RI,
  JK,
  MLP;

  /** With its defaults. */
  LayeredModel<?> of(int hidden, int layers) {
    return switch (this) {
      case SAGE -> GraphSage.of(hidden, layers);
      case GCN -> Gcn.of(hidden, layers);
      case GAT -> Gat.of(hidden, layers);
      case GIN -> Gin.of(hidden, layers);
      case SAGE_RI -> SageRi.of(hidden, layers);
      case JK -> JumpingKnowledge.of(hidden, layers);
      case MLP -> Mlp.of(hidden, layers);
    };
  }
}
