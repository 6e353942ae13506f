package io.millrace.cli.report;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.datasets.platform.IoErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts saved trainings side by side on one HTML page. */
@Command(
    name = "report",
    sortOptions = false,
    description =
        "Puts saved trainings side by side on one HTML page: learning curves, the settings that"
            + " differ, results, times, verdicts.")
@Internal
public final class ReportCommand extends Subcommand {
  /** {@code seed-2} is before {@code seed-10}. */
  private static final Comparator<Path> IN_ORDER =
      Comparator.comparing((Path it) -> it.toString().length()).thenComparing(Path::toString);

  @Parameters(
      arity = "1..*",
      paramLabel = "DIR",
      description = "Folders of train --save; with --runs, the folder of all runs.")
  private List<Path> directories;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "The HTML page to write; an existing one is replaced.")
  private Path out;

  public ReportCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    IoErrors.requireFolder(out, "report", "--out");
    LinkedHashMap<String, SavedRun> runs = new LinkedHashMap<>();
    List<Path> all = directories.stream().flatMap(it -> runsIn(it).stream()).distinct().toList();
    for (Path directory : all) {
      SavedRun run = SavedRun.in(directory);
      runs.put(name(directory, all), run);
    }
    RunComparison comparison = new RunComparison(runs);
    comparison.page().write(out);
    output.result("%s: %s", out, String.join(", ", runs.keySet()));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("command", "report");
    json.put("out", out.toString());
    json.put("differing", comparison.differing());
    json.put("runs", comparison.json());
    return json;
  }

  /** The folder itself, or those of its runs in the order of their seeds. */
  private static List<Path> runsIn(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw BadInputException.of("no such folder of a training", "directory", directory);
    }
    if (SavedRun.isIn(directory)) {
      return List.of(directory);
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> seeds =
          files.filter(SavedRun::isSeed).filter(SavedRun::isIn).sorted(IN_ORDER).toList();
      return seeds.isEmpty() ? List.of(directory) : seeds;
    } catch (IOException e) {
      throw IoErrors.cannotRead(directory, e);
    }
  }

  /** The last part of the path, or all of it where that is not unique. */
  private static String name(Path directory, List<Path> all) {
    String last = lastPart(directory);
    boolean unique = all.stream().filter(it -> lastPart(it).equals(last)).count() == 1;
    return unique && !SavedRun.isSeed(directory) ? last : directory.toString();
  }

  private static String lastPart(Path directory) {
    Path name = directory.toAbsolutePath().normalize().getFileName();
    return name == null ? "" : name.toString();
  }
}
