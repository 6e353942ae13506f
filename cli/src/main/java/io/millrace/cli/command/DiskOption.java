package io.millrace.cli.command;

import io.millrace.Internal;
import io.millrace.datasets.platform.ByteSize;
import io.millrace.tuning.model.Resources;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --disk-rate SIZE}: how fast the disk is, without which nothing says that it limits. */
@Internal
public final class DiskOption {
  @Option(
      names = "--disk-rate",
      paramLabel = "SIZE",
      description =
          "Bytes per second of the disk that features are read from, such as 500m: the verdict then"
              + " says whether it limits (default: they are in memory).")
  private Optional<ByteSize> rate = Optional.empty();

  /** This machine's cores, and the disk if its rate was given. */
  public Resources resources() {
    Resources machine = Resources.ofMachine();
    return rate.map(it -> machine.diskBytesPerSecond(it.bytes())).orElse(machine);
  }
}
