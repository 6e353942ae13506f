package io.millrace.cli.command;

import io.millrace.Internal;
import io.millrace.sweeps.pipeline.OpenDatasets;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/**
 * What all commands have in common: the options of every command, and a result that is printed and,
 * with {@code --json}, written as JSON.
 *
 * <p>Used by one thread, once. Benchmarks, which are in another module, are found through a {@link
 * BenchmarkProvider}.
 */
public abstract class Subcommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  private final Streams streams;
  private OpenDatasets datasets;

  /**
   * @param streams where the command prints
   */
  protected Subcommand(Streams streams) {
    this.streams = streams;
  }

  /**
   * Does the work and prints the result to {@code output}.
   *
   * @return the result as Gson writes it
   */
  protected abstract Object run(CommonOptions common, Output output);

  @Override
  public final Integer call() {
    Output output = new Output(streams, common);
    try (OpenDatasets own = new OpenDatasets()) {
      output.writeJson(runAsStep(own, output));
    }
    return CommandLine.ExitCode.OK;
  }

  /**
   * Does the work as one step of several.
   *
   * @param shared datasets of all steps, which stay open
   * @param output of the command that runs the steps
   * @return the result as Gson writes it
   */
  @Internal
  public final Object runAsStep(OpenDatasets shared, Output output) {
    datasets = shared;
    return run(common, output);
  }

  /** Datasets that the command opens here are closed when it has ended. */
  protected final OpenDatasets datasets() {
    return datasets;
  }
}
