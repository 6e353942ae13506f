package io.millrace.cli.command;

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
    output.writeJson(run(common, output));
    return CommandLine.ExitCode.OK;
  }
}
