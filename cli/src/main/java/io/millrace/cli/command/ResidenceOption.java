package io.millrace.cli.command;

import io.millrace.Internal;
import io.millrace.datasets.StorageMode;
import picocli.CommandLine.Option;

/** {@code --residence}: where the dataset is held, of commands that explain it by that of train. */
@Internal
public final class ResidenceOption {
  @Option(
      names = "--residence",
      paramLabel = "auto|mapped|disk|in-memory",
      defaultValue = "auto",
      description = "Where the dataset is held, as in train (default: ${DEFAULT-VALUE}).")
  private StorageMode mode;

  public StorageMode mode() {
    return mode;
  }
}
