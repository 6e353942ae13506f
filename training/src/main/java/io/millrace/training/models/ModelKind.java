package io.millrace.training.models;

import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.LayeredModel;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The models of this package by name: what model files and the command line call them. A new model
 * gets a line here, and one in {@code SettingsText.NAMES}, by which checkpoints know it.
 */
public enum ModelKind {
  SAGE(GraphSage.class, GraphSage::of),
  GCN(Gcn.class, Gcn::of),
  GAT(Gat.class, Gat::of),
  GIN(Gin.class, Gin::of),
  SAGE_RI(SageRi.class, SageRi::of),
  JK(JumpingKnowledge.class, JumpingKnowledge::of),
  MLP(Mlp.class, Mlp::of),
  WEIGHTED_GCN(WeightedGcn.class, WeightedGcn::of),
  GATV2(Gatv2.class, Gatv2::of),
  GINE(Gine.class, Gine::of);

  @FunctionalInterface
  private interface Factory {
    LayeredModel<?> of(int hidden, int layers);
  }

  private final Class<? extends GraphModel> type;
  private final Factory factory;

  ModelKind(Class<? extends GraphModel> type, Factory factory) {
    this.type = type;
    this.factory = factory;
  }

  /** The kind of a model; empty for a class that is not of this package. */
  public static Optional<ModelKind> of(GraphModel model) {
    return Arrays.stream(values()).filter(kind -> kind.type == model.getClass()).findAny();
  }

  /** The kind of a {@link #label}; empty if there is none. */
  public static Optional<ModelKind> labelled(String label) {
    return Arrays.stream(values()).filter(kind -> kind.label().equals(label)).findAny();
  }

  /** The name in model files, for instance {@code sage-ri}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The class of its models. */
  public Class<? extends GraphModel> type() {
    return type;
  }

  /**
   * A model with its defaults.
   *
   * @param hidden columns of the values between two layers
   * @param layers how many
   * @throws io.millrace.BadInputException if the model cannot have these sizes
   */
  public LayeredModel<?> of(int hidden, int layers) {
    return factory.of(hidden, layers);
  }
}
