package io.millrace.cli.data;

import io.millrace.Internal;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.EnumOptions;
import io.millrace.cli.command.MemoryOption;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.generator.GeneratorOptions;
import io.millrace.datasets.generator.GraphGenerator;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a synthetic graph. */
@Command(
    name = "generate",
    sortOptions = false,
    description = "Makes a synthetic graph; the same options and seed make the same files.")
@Internal
public final class GenerateCommand extends Subcommand {
  @Parameters(
      paramLabel = "KIND",
      description = {
        "planted: communities with features and labels, for training.",
        "rmat: a few hubs and many small degrees; rounds --nodes up to a power of two.",
        "chung-lu: log-normal degrees, like a shop's graph of products."
      })
  private GraphGenerator kind;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The dataset directory to make; must not exist.")
  private Path out;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "20000",
      description = "Nodes (default: ${DEFAULT-VALUE}).")
  private int nodes;

  @Option(
      names = "--edges",
      paramLabel = "N",
      description =
          "Edges to draw, before reverse edges are added and duplicates dropped (default: 10 per"
              + " node).")
  private Optional<Long> edges = Optional.empty();

  @Option(
      names = "--undirected",
      negatable = true,
      description = "Add reverse edges and drop duplicates (default: for planted).")
  private Optional<Boolean> undirected = Optional.empty();

  @Option(
      names = "--features",
      paramLabel = "N",
      description = "Values per feature row (default: 64 for planted, else 0: no features).")
  private Optional<Integer> features = Optional.empty();

  @Option(
      names = "--feature-type",
      paramLabel = "float32|float16",
      defaultValue = "float32",
      description = "How feature values are stored (default: float32).")
  private FeatureType featureType;

  @Option(
      names = "--classes",
      paramLabel = "N",
      description = "Classes of the labels (default: 8 for planted, else 0: no labels).")
  private Optional<Integer> classes = Optional.empty();

  @Option(
      names = "--times",
      paramLabel = "N",
      description =
          "Give each edge a time from 0 to N-1; no duplicate is dropped then (default: none).")
  private Optional<Long> times = Optional.empty();

  @Option(
      names = "--edge-weights",
      description = "Give each edge a weight; in planted graphs it tells edges within a community.")
  private boolean edgeWeights;

  @Option(
      names = "--edge-features",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Values per edge; in planted graphs the first tells edges within a community (default:"
              + " 0).")
  private int edgeFeatures;

  @Mixin private MemoryOption memory;

  public GenerateCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    boolean planted = kind == GraphGenerator.PLANTED;
    GeneratorOptions options =
        GeneratorOptions.of(nodes, edges.orElse(10L * nodes))
            .withUndirected(undirected.orElse(planted))
            .withFeatures(features.orElse(planted ? 64 : 0), featureType)
            .withClasses(classes.orElse(planted ? 8 : 0))
            .withTimes(times.orElse(0L))
            .withEdgeWeights(edgeWeights)
            .withEdgeFeatures(edgeFeatures)
            .withSeed(common.seed);
    return DatasetSummary.by(
        "generate " + EnumOptions.label(kind),
        out,
        output,
        progress -> kind.generate(options, out, memory.limit(), progress));
  }
}
