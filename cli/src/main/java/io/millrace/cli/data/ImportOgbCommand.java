package io.millrace.cli.data;

import io.millrace.Internal;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.datasets.formats.ogb.OgbImporter;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Imports OGB's folders. */
@Command(
    name = "ogb",
    sortOptions = false,
    description = "Imports a node-property dataset of OGB from its raw csv or npz files.")
@Internal
public final class ImportOgbCommand extends Subcommand {
  @Parameters(paramLabel = "SRC", description = "The folder that holds raw/ and split/.")
  private Path source;

  @Mixin private ImportTargetOptions target;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      description = "The folder below split/ (default: the only one).")
  private Optional<String> split = Optional.empty();

  public ImportOgbCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    return target.run(
        "import ogb",
        split,
        common,
        output,
        (out, options, progress) -> OgbImporter.importFolder(source, out, options, progress));
  }
}
