package io.millrace.cli.ranks;

import io.millrace.BadInputException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options by which a training goes on with other ranks. */
final class ElasticOptions {
  @Option(
      names = "--restarts",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "How often the others go on from the last checkpoint when a rank other than 0 has failed,"
              + " without it; needs --save (default: ${DEFAULT-VALUE}).")
  int restarts;

  @Option(
      names = "--resize-file",
      paramLabel = "FILE",
      description =
          "When FILE appears or changes, go on between two steps with the ranks that it lists:"
              + " their number, or the list of --hosts; needs --save.")
  Optional<Path> resizeFile = Optional.empty();

  boolean isPresent() {
    return restarts > 0 || resizeFile.isPresent();
  }

  /**
   * @throws BadInputException if the ranks cannot change
   */
  void requirePossible(boolean areRanks, boolean areOrdered) {
    if (restarts < 0) {
      throw BadInputException.of("--restarts must not be negative", "--restarts", restarts);
    }
    if (isPresent() && !areRanks) {
      throw BadInputException.of(
          "--restarts and --resize-file need --ranks or --hosts",
          "--restarts",
          restarts,
          "--resize-file",
          resizeFile.map(Path::toString).orElse(""));
    }
    if (isPresent() && !areOrdered) {
      throw BadInputException.of(
          "--restarts and --resize-file promise the same weights, which --rank-sum ring does not"
              + " give",
          "--rank-sum",
          "ring");
    }
  }
}
