package io.millrace.cli.command;

import picocli.CommandLine;

/**
 * Adds a command to {@code millrace} from a module that {@code cli} may not know: found by {@link
 * java.util.ServiceLoader} among the jars beside the command's own.
 */
public interface SubcommandProvider {
  /**
   * @param streams where the command prints
   * @return the command, with a name and its own subcommands; converters of its own are registered
   */
  CommandLine subcommand(Streams streams);
}
