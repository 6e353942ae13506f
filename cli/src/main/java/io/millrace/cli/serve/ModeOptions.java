package io.millrace.cli.serve;

import io.millrace.BadInputException;
import io.millrace.serving.models.ModelSettings;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ParseResult;

/** Refuses options that a mode would ignore. Stateless. */
final class ModeOptions {
  private ModeOptions() {}

  private static List<String> ignored(ModelSettings.Mode mode) {
    return switch (mode) {
      case SAMPLED -> List.of("--table");
      case EXACT -> List.of("--table", "--fanout", "--seed");
      case TABLE ->
          List.of(
              "--fanout",
              "--seed",
              "--embeddings",
              "--max-edges",
              "--queue",
              "--max-delay-ms",
              "--cache",
              "--compute-threads");
    };
  }

  /**
   * Checks the options that were given.
   *
   * @throws BadInputException if one has no effect
   */
  static void require(ParseResult given, ModelSettings.Mode mode) {
    for (String option : ignored(mode)) {
      if (given.hasMatchedOption(option)) {
        throw BadInputException.of(
            "the mode takes no such option",
            "mode",
            mode.name().toLowerCase(Locale.ROOT),
            "option",
            option);
      }
    }
    for (String option : List.of("--selection", "--state")) {
      if (given.hasMatchedOption(option) && !given.hasMatchedOption("--ensemble")) {
        throw BadInputException.of("the option needs --ensemble", "option", option);
      }
    }
  }
}
