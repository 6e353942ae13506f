package io.millrace.cli.command;

import io.millrace.Internal;
import io.millrace.datasets.csr.BuildMemory;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option of every command that builds a graph. */
@Internal
public final class MemoryOption {
  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description =
          "Memory for building the graph, for instance 512m or 8g; edges beyond it go to a"
              + " temporary file next to DIR (default: half of what is free).")
  private Optional<BuildMemory> memory = Optional.empty();

  public BuildMemory limit() {
    return memory.orElseGet(BuildMemory::ofAvailable);
  }
}
