package io.millrace.bench.report;

import io.millrace.BadInputException;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Plots the JSON files that benchmarks have written. */
@Command(
    name = "report",
    sortOptions = false,
    description =
        "Plots the results of bench sampler, slicer, step, infer and import: a chart for each of"
            + " their JSON files in a folder.")
public final class ReportCommand extends Subcommand {
  @Parameters(paramLabel = "FOLDER", description = "A folder of files that --json has written.")
  private Path folder;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "The SVG image to write; an existing one is replaced.")
  private Path out;

  public ReportCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    List<BarChart> charts = new ArrayList<>();
    List<String> plotted = new ArrayList<>();
    List<ResultFile> results =
        jsonFiles(folder).stream().map(ResultFile::read).sorted(ResultFile.order()).toList();
    for (ResultFile result : results) {
      Optional<BarChart> chart = result.chart();
      if (chart.isPresent()) {
        charts.add(chart.get());
        plotted.add(result.file().getFileName().toString());
      } else {
        output.note("not plotted: %s", result.file());
      }
    }
    if (charts.isEmpty()) {
      throw BadInputException.of("no results to plot", "folder", folder);
    }
    write(ChartSheet.svg(charts));
    output.result("%s: %s", out, String.join(", ", plotted));
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("command", "bench report");
    summary.put("plotted", plotted);
    summary.put("out", out.toString());
    return summary;
  }

  private static List<Path> jsonFiles(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".json")).toList();
    } catch (IOException e) {
      throw new BadInputException("cannot list a folder of results: folder=" + folder, e);
    }
  }

  private void write(String svg) {
    try {
      if (out.toAbsolutePath().getParent() != null) {
        Files.createDirectories(out.toAbsolutePath().getParent());
      }
      Files.writeString(out, svg);
    } catch (IOException e) {
      throw new BadInputException("cannot write the plot: file=" + out, e);
    }
  }
}
