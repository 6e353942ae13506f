package io.millrace.cli.command;

import io.millrace.Internal;
import io.millrace.transfer.DeviceChoice;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that every command takes; in the help they stand after the command's own. */
public final class CommonOptions {
  @Option(
      names = "--json",
      order = 100,
      paramLabel = "FILE",
      description = "Also write the result as JSON; - writes JSON alone to standard output.")
  Optional<Path> json = Optional.empty();

  @Option(
      names = "--seed",
      order = 101,
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of everything random (default: ${DEFAULT-VALUE}).")
  @Internal
  public long seed;

  @Option(
      names = "--workers",
      order = 102,
      paramLabel = "N",
      description = "Threads that prepare batches, in commands that use batches.")
  @Internal
  public Optional<Integer> workers = Optional.empty();

  @Option(
      names = "--device",
      order = 103,
      paramLabel = "auto|cpu|gpu",
      defaultValue = "auto",
      description = "Where to compute; auto = on the GPU if it can be used (default: auto).")
  @Internal
  public DeviceChoice device;

  @Option(names = "--quiet", order = 104, description = "Print the result and nothing else.")
  boolean quiet;

  @Option(names = "--debug", order = 105, description = "Show the stack trace of an error.")
  @Internal
  public boolean debug;

  @Option(
      names = {"-h", "--help"},
      order = 106,
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  /** What all that is random follows from. */
  public long seed() {
    return seed;
  }

  /** Where to compute. */
  public DeviceChoice device() {
    return DeviceChoice.valueOf(device.name());
  }

  /** Number of threads that prepare batches, if the user gave it. */
  public Optional<Integer> workers() {
    return workers;
  }
}
