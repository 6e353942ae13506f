package io.millrace.bench.harness;

import io.millrace.BadInputException;
import io.millrace.cli.command.EnumOptions;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.StorageMode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Where the dataset of a benchmark lies, and whether its files are in the page cache. */
public final class DatasetOptions {
  /** What a measurement finds of the dataset's files in the page cache. */
  enum Cache {
    WARM,
    COLD
  }

  @Option(
      names = "--residence",
      paramLabel = "auto|mapped|disk|in-memory",
      description = "Where the dataset is held, as in train (default: auto, mapped for infer).")
  private Optional<StorageMode> residence = Optional.empty();

  @Option(
      names = "--cache",
      paramLabel = "warm|cold",
      defaultValue = "warm",
      description =
          "cold: the dataset's files leave the page cache before each measurement, so that none"
              + " finds what another has read; warm: they stay there (default: ${DEFAULT-VALUE}).")
  private Cache cache;

  /** Lets a command have these options. */
  public static CommandLine register(CommandLine command) {
    EnumOptions.register(command, StorageMode.class);
    EnumOptions.register(command, Cache.class);
    return command;
  }

  /**
   * Opens a dataset directory as the options say.
   *
   * @param usual where it is held if no option says
   * @throws BadInputException if the cache shall be cold, and the dataset is in memory
   */
  public GraphDataset open(Path directory, StorageMode usual) {
    GraphDataset data = GraphDataset.open(directory, residence.orElse(usual));
    if (cache == Cache.COLD && !data.graph().indices().isMapped()) {
      data.close();
      throw BadInputException.of(
          "a dataset in memory needs no page cache: leave out --cache cold, or give --residence",
          "dataset",
          directory);
    }
    return data;
  }

  /** What comes before each measurement. */
  public Runnable before(GraphDataset data, Path directory) {
    return cache == Cache.COLD ? () -> PageCache.drop(data, directory) : () -> {};
  }

  /** The options, as JSON names them. */
  public Map<String, Object> toMap() {
    Map<String, Object> options = new LinkedHashMap<>();
    residence.ifPresent(it -> options.put("residence", EnumOptions.label(it)));
    options.put("cache", EnumOptions.label(cache));
    return options;
  }
}
