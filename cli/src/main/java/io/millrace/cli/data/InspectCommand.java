package io.millrace.cli.data;

import io.millrace.Internal;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.StageProgress;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.datasets.inspect.DatasetInspector;
import io.millrace.datasets.inspect.DatasetReport;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Checks a dataset directory and says what is in it. */
@Command(
    name = "inspect",
    sortOptions = false,
    description = "Checks every invariant of a dataset's files and counts what is in it.")
@Internal
public final class InspectCommand extends Subcommand {
  @Parameters(paramLabel = "DATASET", description = "A dataset directory.")
  private Path dataset;

  public InspectCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    DatasetReport report;
    try (StageProgress progress = output.stages()) {
      report = DatasetInspector.inspect(dataset, progress);
    }
    Map<String, Object> found = report.toMap();
    Map<String, Object> rows = new LinkedHashMap<>();
    found.forEach((name, value) -> rows.put(name.replace('_', ' '), shown(value)));
    output.table(rows);
    output.note("every invariant holds");

    Map<String, Object> result = new LinkedHashMap<>();
    result.put("command", "inspect");
    result.put("dataset", dataset.toString());
    result.putAll(found);
    return result;
  }

  private static Object shown(Object value) {
    return switch (value) {
      case Integer number -> Format.count(number);
      case Long number -> Format.count(number);
      case Float number -> Format.format("%.4g", number);
      case Double number -> Format.format("%.4g", number);
      case Map<?, ?> parts ->
          parts.entrySet().stream()
              .map(part -> part.getKey() + " " + shown(part.getValue()))
              .collect(Collectors.joining(", "));
      default -> value;
    };
  }
}
