package io.millrace.cli.train;

import io.millrace.Internal;
import io.millrace.training.models.Gat;
import io.millrace.training.models.Gcn;
import io.millrace.training.models.Gin;
import io.millrace.training.models.GraphSage;
import io.millrace.training.models.JumpingKnowledge;
import io.millrace.training.models.Mlp;
import io.millrace.training.models.SageRi;
import io.millrace.training.nn.LayeredModel;

/** The models that {@code train --model} knows. */
@Internal
public enum ModelKind {
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
