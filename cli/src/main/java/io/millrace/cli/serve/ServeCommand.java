package io.millrace.cli.serve;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.cli.command.Termination;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.StorageMode;
import io.millrace.serving.PredictionServer;
import io.millrace.serving.selection.SelectionPolicy;
import io.millrace.transfer.DeviceChoice;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Serves predictions over HTTP until it gets SIGTERM or SIGINT. The next class to read is {@link
 * PredictionServer}.
 */
@Command(
    name = "serve",
    sortOptions = false,
    description = {
      "Answers for single nodes, and for new ones, over HTTP (Open Inference Protocol, version 2).",
      "The first line on standard output is the address, once it is ready."
    },
    footer = {
      "%nPOST /v2/models/NAME/infer, GET /v2/models, /v2/health/ready, /metrics; / shows what it"
          + " does.",
      "POST /v2/repository/models/NAME/load reads a model again, without a pause."
    })
@Internal
public final class ServeCommand extends Subcommand {
  @Parameters(paramLabel = "DATASET", description = "A dataset directory.")
  private Path dataset;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "[NAME=]DIR",
      description = "Where train --save has kept a model; without NAME by the folder's name.")
  private List<String> models = List.of();

  @Option(
      names = "--table",
      paramLabel = "[NAME=]DIR",
      description = "Mode table: where infer --scores has put the results of a model.")
  private List<String> tables = List.of();

  @Mixin private ServeOptions options;

  @Option(
      names = "--ensemble",
      split = ",",
      paramLabel = "NAME,NAME,...",
      description = "Models that also answer as one, named ensemble.")
  private List<String> ensemble = List.of();

  @Option(
      names = "--selection",
      paramLabel = "exp4|exp3",
      defaultValue = "exp4",
      description =
          "exp4: all members answer, weighted; exp3: one is drawn (default: ${DEFAULT-VALUE}).")
  private SelectionPolicy selection;

  @Option(
      names = "--state",
      paramLabel = "FILE",
      description =
          "Where the ensemble's weights are kept over restarts; written at the start, too.")
  private Optional<Path> state = Optional.empty();

  @Spec private CommandSpec spec;

  public ServeCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    if (common.device() == DeviceChoice.GPU) {
      throw BadInputException.of("serve computes on the CPU", "device", "gpu");
    }
    ModeOptions.require(spec.commandLine().getParseResult(), options.mode());
    Map<String, Path> directories = named(models);
    Map<String, Path> results = named(tables);
    requireTablesOfModels(directories, results);
    try (GraphDataset data = GraphDataset.open(dataset, StorageMode.AUTO);
        PredictionServer server =
            PredictionServer.of(
                data, options.models(common.seed(), directories.size()), options.cacheBytes())) {
      directories.forEach(
          (name, folder) -> server.add(name, folder, table(name, directories.size(), results)));
      if (!ensemble.isEmpty()) {
        server.addEnsemble("ensemble", ensemble, selection, state);
      }
      URI address = server.start(options.server());
      output.result("%s", address);
      output.flush();
      Termination.await();
      output.note("ends: no longer ready, answers what is under way");
    }
    return Map.of("command", "serve", "dataset", dataset.toString());
  }

  private static void requireTablesOfModels(
      Map<String, Path> directories, Map<String, Path> results) {
    for (String name : results.keySet()) {
      if (!directories.containsKey(name) && !(directories.size() == 1 && results.size() == 1)) {
        throw BadInputException.of("a table is for a model that is served", "name", name);
      }
    }
  }

  private Optional<Path> table(String name, int numModels, Map<String, Path> results) {
    boolean onlyOne = numModels == 1 && results.size() == 1;
    return Optional.ofNullable(onlyOne ? results.values().iterator().next() : results.get(name));
  }

  /** Folders by the names that were given, or by their own. */
  private static Map<String, Path> named(List<String> values) {
    Map<String, Path> named = new LinkedHashMap<>();
    for (String value : values) {
      int at = value.indexOf('=');
      Path folder = Path.of(value.substring(at + 1));
      String own = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
      String name = at < 0 ? own : value.substring(0, at);
      if (named.put(name, folder) != null) {
        throw BadInputException.of("two folders have the same name", "name", name);
      }
    }
    return named;
  }
}
