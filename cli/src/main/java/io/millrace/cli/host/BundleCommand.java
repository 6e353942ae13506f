package io.millrace.cli.host;

import io.millrace.Internal;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.StageProgress;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.datasets.GraphDataset;
import io.millrace.training.torch.TorchEngine;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Packs the command into one archive. */
@Command(
    name = "bundle",
    sortOptions = false,
    description =
        "Packs the command and a Java runtime into one archive, for a machine of the same kind that"
            + " has neither Java nor a network. libtorch is not inside.")
@Internal
public final class BundleCommand extends Subcommand {
  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "The archive to write, a .tar.gz; an existing one is replaced.")
  private Path out;

  @Option(
      names = "--dataset",
      paramLabel = "DIR",
      description = "A dataset directory to include, as datasets/NAME.")
  private Optional<Path> dataset = Optional.empty();

  public BundleCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    dataset.ifPresent(dir -> GraphDataset.open(dir).close()); // or say what is wrong with it
    Bundle bundle = Bundle.ofThisCommand(dataset);
    long bytes;
    try (StageProgress progress = output.stages()) {
      bytes = bundle.write(out, progress);
    }
    String libtorch = TorchEngine.requiredVersion();
    output.result("%s: %s, needs libtorch %s", out, Format.bytes(bytes), libtorch);
    output.note(
        "on the other machine: tar xzf %s, then %s/millrace doctor (README.txt: where libtorch"
            + " goes)",
        Format.argument(out.getFileName()), bundle.folder());

    Map<String, Object> result = new LinkedHashMap<>();
    result.put("command", "bundle");
    result.put("out", out.toString());
    result.put("bytes", bytes);
    result.put("libtorch", libtorch);
    return result;
  }
}
