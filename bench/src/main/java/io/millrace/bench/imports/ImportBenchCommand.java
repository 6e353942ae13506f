package io.millrace.bench.imports;

import io.millrace.BadInputException;
import io.millrace.Require;
import io.millrace.bench.harness.Environment;
import io.millrace.bench.harness.TemporaryFolder;
import io.millrace.bench.harness.TextTable;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.EnumOptions;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.StageProgress;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.datasets.formats.ids.NodeIdKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures {@code import edges}. */
@Command(
    name = "import",
    sortOptions = false,
    description =
        "Measures the import of a text table of random edges, parsing alone and the whole way to a"
            + " dataset, on one and on --workers threads (default: all), next to a plain loop of"
            + " BufferedReader and split.")
public final class ImportBenchCommand extends Subcommand {
  @Option(
      names = "--edges",
      paramLabel = "N",
      defaultValue = "20000000",
      description = "Edges in the table (default: ${DEFAULT-VALUE}).")
  private long edges;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Nodes that they are drawn from (default: ${DEFAULT-VALUE}).")
  private int nodes;

  @Option(
      names = "--ids",
      paramLabel = "dense|long|string",
      defaultValue = "dense",
      description = "What names a node in the table (default: ${DEFAULT-VALUE}).")
  private NodeIdKind ids;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Rounds; results are medians (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Spec private CommandSpec spec;

  public ImportBenchCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    if (ids == NodeIdKind.AUTO || edges < 1 || nodes < 1 || rounds < 1) {
      throw BadInputException.of(
          "need ids of one kind, and at least one edge, node and round",
          "ids",
          EnumOptions.label(ids),
          "edges",
          edges,
          "nodes",
          nodes,
          "rounds",
          rounds);
    }
    int numThreads = common.workers().orElse(Runtime.getRuntime().availableProcessors());
    Require.positive("--workers", numThreads);
    Map<String, Object> result = Environment.of(spec);
    result.put("num_nodes", nodes);
    result.put("num_edges", edges);
    result.put("settings", settings(common.seed(), numThreads));
    try (TemporaryFolder folder = TemporaryFolder.create("import")) {
      Path file = folder.path().resolve("edges.txt");
      var seconds = measure(file, common.seed(), numThreads, output);
      long fileBytes = file.toFile().length();
      result.put("file_bytes", fileBytes);
      result.put("runs", report(seconds, fileBytes, output));
    }
    return result;
  }

  private Map<String, Object> settings(long seed, int numThreads) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("ids", EnumOptions.label(ids));
    settings.put("rounds", rounds);
    settings.put("workers", numThreads);
    settings.put("seed", seed);
    return settings;
  }

  private Map<ImportContest.Contender, Double> measure(
      Path file, long seed, int numThreads, Output output) {
    try (StageProgress progress = output.stages()) {
      progress.update("write the table", 0, 1);
      new EdgeFile(edges, nodes, ids, seed).write(file);
      progress.update("write the table", 1, 1);
      return new ImportContest(file, file.getParent(), ids, numThreads).run(rounds, progress);
    }
  }

  private List<Object> report(
      Map<ImportContest.Contender, Double> seconds, long fileBytes, Output output) {
    TextTable table =
        new TextTable(
            "", "", "threads", "s", "M edges/s", "M edges/s a thread", "MB/s", "speed-up");
    List<Object> runs = new ArrayList<>();
    seconds.forEach(
        (contender, took) -> {
          double plain = seconds.get(new ImportContest.Contender(contender.part(), "plain", 1));
          table.add(
              contender.part(),
              contender.name(),
              Integer.toString(contender.numThreads()),
              Format.format("%.2f", took),
              Format.format("%.2f", edges / took / 1e6),
              Format.format("%.2f", edges / took / 1e6 / contender.numThreads()),
              Format.format("%.0f", fileBytes / took / 1e6),
              Format.format("%.2f", plain / took));
          Map<String, Object> run = new LinkedHashMap<>();
          run.put("part", contender.part());
          run.put("name", contender.name());
          run.put("threads", contender.numThreads());
          run.put("seconds", took);
          run.put("edges_per_second", edges / took);
          run.put("bytes_per_second", fileBytes / took);
          run.put("speedup", plain / took);
          runs.add(run);
        });
    table.print(output);
    return runs;
  }
}
