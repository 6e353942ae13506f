package io.millrace.cli.command;

import java.util.List;
import picocli.CommandLine;

/**
 * Adds the subcommands of {@code millrace bench} from a module that {@code cli} does not depend on.
 * {@link java.util.ServiceLoader} finds it if its jar is on the class path; the launcher puts it
 * there for {@code bench} only.
 */
public interface BenchmarkProvider {
  /**
   * @param streams where the commands print
   * @return the commands, each with a name and with the converters that it alone needs
   */
  List<CommandLine> benchmarks(Streams streams);
}
