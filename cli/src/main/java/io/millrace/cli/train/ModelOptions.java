package io.millrace.cli.train;

import io.millrace.BadInputException;
import io.millrace.cli.command.EnumOptions;
import io.millrace.training.models.Gat;
import io.millrace.training.models.GraphSage;
import io.millrace.training.models.JumpingKnowledge;
import io.millrace.training.models.JumpingKnowledge.Jump;
import io.millrace.training.models.ModelKind;
import io.millrace.training.nn.Aggregator;
import io.millrace.training.nn.LayerConfig;
import io.millrace.training.nn.LayeredModel;
import io.millrace.training.nn.Nonlinearity;
import io.millrace.training.nn.Norm;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of the model, from which a {@link LayeredModel} is made. */
final class ModelOptions {
  @Option(
      names = "--model",
      paramLabel = "KIND",
      defaultValue = "sage",
      description =
          "sage (GraphSAGE), gcn, gat, gin, sage-ri (GraphSAGE with residuals and all layers in"
              + " the head), jk (jumping knowledge), or mlp, which ignores the graph (default:"
              + " sage).")
  ModelKind kind;

  @Option(
      names = "--hidden",
      paramLabel = "N",
      defaultValue = "128",
      description = "Values per node between the layers (default: ${DEFAULT-VALUE}).")
  private int hidden;

  @Option(
      names = "--aggregator",
      paramLabel = "mean|max|sum",
      description = "What sage makes of the neighbours (default: mean).")
  private Optional<Aggregator> aggregator = Optional.empty();

  @Option(
      names = "--heads",
      paramLabel = "N",
      description = "Attention heads of gat, which share out the hidden values (default: 4).")
  private Optional<Integer> heads = Optional.empty();

  @Option(
      names = "--jump",
      paramLabel = "cat|max",
      description = "How jk joins its layers (default: cat).")
  private Optional<Jump> jump = Optional.empty();

  @Option(
      names = "--norm",
      paramLabel = "none|batch|layer",
      description = "Normalisation between the layers (default: batch).")
  private Optional<Norm> norm = Optional.empty();

  @Option(
      names = "--activation",
      paramLabel = "relu|leaky-relu|elu",
      description = "Between the layers (default: relu; gat: elu; sage-ri: leaky-relu).")
  private Optional<Nonlinearity> activation = Optional.empty();

  @Option(
      names = "--residual",
      negatable = true,
      description = "Add what enters a layer to what leaves it (default: only sage-ri does).")
  private Optional<Boolean> residual = Optional.empty();

  @Option(
      names = "--dropout",
      paramLabel = "P",
      description = "Share of the hidden values set to 0 in training (default: 0.5; sage-ri: 0.1).")
  private Optional<Double> dropout = Optional.empty();

  LayeredModel<?> model(int numLayers) {
    LayerConfig layers = kind.of(hidden, numLayers).layers();
    layers = norm.map(layers::norm).orElse(layers);
    layers = activation.map(layers::activation).orElse(layers);
    layers = residual.map(layers::residual).orElse(layers);
    layers = dropout.map(layers::dropout).orElse(layers);
    return special(kind.of(hidden, numLayers).layers(layers));
  }

  /** Applies the options that only one kind of model has. */
  private LayeredModel<?> special(LayeredModel<?> model) {
    require("--aggregator", aggregator, model instanceof GraphSage);
    require("--heads", heads, model instanceof Gat);
    require("--jump", jump, model instanceof JumpingKnowledge);
    return switch (model) {
      case GraphSage sage -> aggregator.map(sage::aggregator).orElse(sage);
      case Gat gat -> heads.map(gat::heads).orElse(gat);
      case JumpingKnowledge jk -> jump.map(jk::jump).orElse(jk);
      default -> model;
    };
  }

  private void require(String option, Optional<?> value, boolean fits) {
    if (value.isPresent() && !fits) {
      throw BadInputException.of(
          "option does not fit the model", option, value.get(), "--model", EnumOptions.label(kind));
    }
  }

  /** Adds the model's settings for JSON, whether they were given or are defaults. */
  void describe(LayeredModel<?> model, Map<String, Object> settings) {
    LayerConfig layers = model.layers();
    settings.put("layers", layers.count());
    settings.put("hidden", layers.hidden());
    switch (model) {
      case GraphSage sage -> settings.put("aggregator", EnumOptions.label(sage.aggregator()));
      case Gat gat -> settings.put("heads", gat.heads());
      case JumpingKnowledge jk -> settings.put("jump", EnumOptions.label(jk.jump()));
      default -> {}
    }
    settings.put("norm", EnumOptions.label(layers.norm()));
    settings.put("activation", EnumOptions.label(layers.activation()));
    settings.put("residual", layers.residual());
    settings.put("dropout", layers.dropout());
  }
}
