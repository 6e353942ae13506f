package io.millrace.cli.data;

import io.millrace.Internal;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.datasets.formats.ogb.OgbArchive;
import io.millrace.datasets.formats.ogb.OgbDownload;
import java.net.URI;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Downloads a dataset of OGB and imports it. */
@Command(
    name = "get",
    sortOptions = false,
    description =
        "Downloads a dataset that OGB publishes, and imports it. After an interruption, the same"
            + " command resumes the download.")
@Internal
public final class GetCommand extends Subcommand {
  @Parameters(
      paramLabel = "NAME",
      description = {
        "ogbn-arxiv: papers, a citation is an edge (needs 0.3 GiB of disk).",
        "ogbn-products: products bought together (5 GiB).",
        "ogbn-papers100M: papers (180 GiB; 150 with --features float16)."
      })
  private String name;

  @Mixin private ImportTargetOptions target;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Where the archive is, for instance a mirror (default: OGB's server).")
  private Optional<URI> url = Optional.empty();

  @Option(
      names = "--sha256",
      paramLabel = "HEX",
      description =
          "The checksum that the archive must have (default: what DIR.zip.sha256 says, where an"
              + " earlier run has written it).")
  private Optional<String> sha256 = Optional.empty();

  @Option(
      names = "--keep",
      description =
          "Keep the archive and its checksum: DIR.zip, DIR.zip.sha256. Without this they are"
              + " deleted when the dataset is made. An existing DIR.zip is used instead of a"
              + " download, and deleted, too.")
  private boolean keep;

  public GetCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    OgbArchive published = OgbArchive.of(name);
    OgbDownload download = new OgbDownload(url.map(published::at).orElse(published), sha256, keep);
    return target.run("get", Optional.empty(), common, output, download::importTo);
  }
}
