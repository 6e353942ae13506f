package io.millrace.cli.train;

import io.millrace.BadInputException;
import io.millrace.cli.command.EnumOptions;
import io.millrace.datasets.EdgeColumns;
import io.millrace.training.models.Gat;
import io.millrace.training.models.Gatv2;
import io.millrace.training.models.Gine;
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
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of the model, from which a {@link LayeredModel} is made. */
final class ModelOptions {
  private static final int DEFAULT_LAYERS = 2;

  @Option(
      names = "--model",
      paramLabel = "KIND",
      defaultValue = "sage",
      description =
          "sage (GraphSAGE), gcn, weighted-gcn (by edge weights), gat, gatv2, gin, gine (with edge"
              + " features), sage-ri (GraphSAGE with residuals and all layers in the head), jk"
              + " (jumping knowledge), or mlp, which ignores the graph (default: sage).")
  ModelKind kind;

  @Option(
      names = "--layers",
      paramLabel = "N",
      description = "Layers (default: as many as --fanout has entries, else 2).")
  private Optional<Integer> layers = Optional.empty();

  @Option(
      names = "--hidden",
      paramLabel = "N",
      defaultValue = "128",
      description = "Values per node between the layers (default: ${DEFAULT-VALUE}).")
  private int hidden;

  @Option(
      names = "--aggregator",
      paramLabel = "mean|max|sum|weighted-mean",
      description =
          "How sage aggregates the neighbours; weighted-mean: by edge weights (default: mean).")
  private Optional<Aggregator> aggregator = Optional.empty();

  @Option(
      names = "--heads",
      paramLabel = "N",
      description =
          "Attention heads of gat and gatv2; the hidden values are divided among them (default:"
              + " 4).")
  private Optional<Integer> heads = Optional.empty();

  @Option(
      names = "--edge-features",
      description = "Let gatv2 read the features of edges; gine always does.")
  private boolean edgeFeatures;

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
      description = "Between the layers (default: relu; gat and gatv2: elu; sage-ri: leaky-relu).")
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

  /**
   * @param numHops hops of the fanout, if it was given
   */
  LayeredModel<?> model(Optional<Integer> numHops) {
    LayeredModel<?> model = kind.of(hidden, numLayers(numHops));
    LayerConfig config = model.layers();
    config = norm.map(config::norm).orElse(config);
    config = activation.map(config::activation).orElse(config);
    config = residual.map(config::residual).orElse(config);
    config = dropout.map(config::dropout).orElse(config);
    return special(model.layers(config));
  }

  /**
   * As {@link #model(Optional)}, for a dataset.
   *
   * @param edges of the dataset; a model that reads features which they lack is refused later
   */
  LayeredModel<?> model(Optional<Integer> numHops, EdgeColumns edges) {
    int dim = Math.max(1, edges.featureDim());
    return switch (model(numHops)) {
      case Gatv2 gat when edgeFeatures -> gat.edgeDim(dim);
      case Gine gine -> gine.edgeDim(dim);
      case LayeredModel<?> other -> other;
    };
  }

  int numLayers(Optional<Integer> numHops) {
    return layers.or(() -> numHops).orElse(DEFAULT_LAYERS);
  }

  /** Applies the options that only one kind of model has. */
  private LayeredModel<?> special(LayeredModel<?> model) {
    require("--aggregator", aggregator, model instanceof GraphSage);
    require("--heads", heads, model instanceof Gat || model instanceof Gatv2);
    require(
        "--edge-features",
        edgeFeatures ? Optional.of(true) : Optional.empty(),
        model instanceof Gatv2);
    require("--jump", jump, model instanceof JumpingKnowledge);
    return switch (model) {
      case GraphSage sage -> aggregator.map(sage::aggregator).orElse(sage);
      case Gat gat -> heads.map(gat::heads).orElse(gat);
      case Gatv2 gat -> heads.map(gat::heads).orElse(gat);
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

  /** The options for JSON, with the values that are actually used, for the kind of model. */
  Map<String, Object> settings(Optional<Integer> numHops) {
    Map<String, Object> settings = OptionValues.of(this);
    settings.remove("model"); // the result names it next to the settings
    LayeredModel<?> model = model(numHops);
    LayerConfig config = model.layers();
    settings.replace("layers", config.count());
    settings.replace("norm", EnumOptions.label(config.norm()));
    settings.replace("activation", EnumOptions.label(config.activation()));
    settings.replace("residual", config.residual());
    settings.replace("dropout", config.dropout());
    settings.remove("edge_features");
    switch (model) {
      case GraphSage sage -> settings.replace("aggregator", EnumOptions.label(sage.aggregator()));
      case Gat gat -> settings.replace("heads", gat.heads());
      case Gatv2 gat -> {
        settings.replace("heads", gat.heads());
        settings.put("edge_features", edgeFeatures);
      }
      case JumpingKnowledge jk -> settings.replace("jump", EnumOptions.label(jk.jump()));
      default -> {}
    }
    settings.values().removeIf(Objects::isNull); // options of other kinds of model
    return settings;
  }
}
