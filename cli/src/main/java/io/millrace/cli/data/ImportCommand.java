package io.millrace.cli.data;

import io.millrace.Internal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The formats that can be imported are its subcommands. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "FORMAT",
    commandListHeading = "%nFormats:%n",
    description = "Makes a dataset directory from files in another format.",
    footer = "%nOptions of a format: millrace import FORMAT --help")
@Internal
public final class ImportCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "a format is needed: " + spec.subcommands().keySet());
  }
}
