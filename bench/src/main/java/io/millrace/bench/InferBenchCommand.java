package io.millrace.bench;

import io.millrace.cli.CommonOptions;
import io.millrace.cli.Output;
import io.millrace.cli.Streams;
import io.millrace.cli.Subcommand;
import io.millrace.cli.Text;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Residence;
import io.millrace.sampler.Fanout;
import io.millrace.training.GraphInference;
import io.millrace.training.InferenceBuilder;
import io.millrace.training.InferenceListener;
import io.millrace.training.InferenceMode;
import io.millrace.training.InferenceReport;
import io.millrace.training.ModelFile;
import io.millrace.training.OutputChoice;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures inference layer by layer over all nodes, beside sampled inference over some. */
@Command(
    name = "infer",
    sortOptions = false,
    description =
        "Measures exact inference over all nodes, layer by layer, beside sampled inference with the"
            + " same model over some of them.")
final class InferBenchCommand extends Subcommand {
  @Parameters(paramLabel = "DATASET", description = "A dataset directory.")
  private Path dataset;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Where train --save has kept a model.")
  private Path model;

  @Option(
      names = "--fanout",
      paramLabel = "N,N,...",
      defaultValue = "20,20,20",
      description = "Of sampled inference (default: ${DEFAULT-VALUE}).")
  private Fanout fanout;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "20480",
      description = "Random nodes that are inferred by sampling (default: ${DEFAULT-VALUE}).")
  private int numNodes;

  @Option(
      names = "--memory-mib",
      paramLabel = "N",
      defaultValue = "2048",
      description = "Memory of inference layer by layer (default: ${DEFAULT-VALUE}).")
  private long memoryMib;

  @Spec private CommandSpec spec;

  InferBenchCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    Map<String, Object> result = Conditions.of(spec);
    Columns table = new Columns("", "nodes", "s", "nodes/s", "GB read", "peak memory");
    double[] nodesPerSecond = new double[2];
    try (GraphDataset data = GraphDataset.open(dataset, Residence.MAPPED)) {
      int[] some = new Random(common.seed()).ints(numNodes, 0, data.graph().numNodes()).toArray();
      for (boolean sampled : new boolean[] {false, true}) {
        InferenceBuilder builder =
            GraphInference.builder(data, ModelFile.read(model)).memory(memoryMib << 20);
        common.workers().ifPresent(builder::workers);
        if (sampled) {
          builder.mode(InferenceMode.sampled(fanout)).nodes(some);
        }
        InferenceReport report = run(builder);
        String name = sampled ? "sampled " + fanout : "layerwise";
        nodesPerSecond[sampled ? 1 : 0] = report.nodesPerSecond();
        add(table, name, report);
        result.put(sampled ? "sampled" : "layerwise", json(report));
      }
    }
    double ratio = nodesPerSecond[0] / nodesPerSecond[1];
    table.print(output);
    output.result("layer by layer: %.1f times the nodes per second", ratio);
    result.put("ratio", ratio);
    return result;
  }

  private static InferenceReport run(InferenceBuilder builder) {
    try (TemporaryFolder folder = TemporaryFolder.create("infer");
        GraphInference inference = builder.build()) {
      return inference.run(
          folder.path().resolve("out"), OutputChoice.PREDICTIONS, InferenceListener.NONE);
    }
  }

  private static void add(Columns table, String name, InferenceReport report) {
    table.add(
        name,
        Text.count(report.numComputed()),
        Text.format("%.1f", report.seconds()),
        Text.format("%,.0f", report.nodesPerSecond()),
        Text.format("%.1f", report.readBytes() / 1e9),
        Text.bytes(report.peakResidentBytes()));
  }

  private static Map<String, Object> json(InferenceReport report) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("num_nodes", report.numComputed());
    json.put("seconds", report.seconds());
    json.put("nodes_per_second", report.nodesPerSecond());
    json.put("bytes_read", report.readBytes());
    json.put("peak_rss_bytes", report.peakResidentBytes());
    return json;
  }
}
