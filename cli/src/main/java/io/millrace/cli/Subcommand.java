package io.millrace.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/**
 * What all commands have in common: the options of every command, and a result that is printed and,
 * with {@code --json}, written as JSON.
 */
abstract class Subcommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  private final Streams streams;

  Subcommand(Streams streams) {
    this.streams = streams;
  }

  /**
   * Does the work and prints the result to {@code output}.
   *
   * @return the result as Gson writes it
   */
  abstract Object run(CommonOptions common, Output output);

  @Override
  public final Integer call() {
    Output output = new Output(streams, common);
    output.writeJson(run(common, output));
    return CommandLine.ExitCode.OK;
  }
}
