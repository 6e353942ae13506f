package io.millrace.cli.data;

import io.millrace.Internal;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.StorageMode;
import io.millrace.datasets.links.HeldOutLinks;
import io.millrace.datasets.links.LinkSplit;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Holds links of a dataset out, for link prediction. */
@Command(
    name = "split-edges",
    sortOptions = false,
    description = {
      "Makes a dataset for link prediction: its graph has the training edges only, and links"
          + " for validation and test lie next to it, with pairs of nodes that no edge connects.",
      "The same options and seed make the same files."
    },
    footer = {
      "%nFiles in --out/links, npy of int32 [n x 2]: valid.npy, valid_negatives.npy, test.npy,"
          + " test_negatives.npy.",
      "Parallel edges go together, and in an undirected graph both directions of a pair."
    })
@Internal
public final class SplitEdgesCommand extends Subcommand {
  @Parameters(paramLabel = "DATASET", description = "A dataset directory.")
  private Path dataset;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The dataset directory to make; must not exist.")
  private Path out;

  @Option(
      names = "--valid",
      paramLabel = "SHARE",
      defaultValue = "0.05",
      description = "Share of the links for validation (default: ${DEFAULT-VALUE}).")
  private double valid;

  @Option(
      names = "--test",
      paramLabel = "SHARE",
      defaultValue = "0.10",
      description = "Share of the links for the test (default: ${DEFAULT-VALUE}).")
  private double test;

  @Option(
      names = "--negatives",
      paramLabel = "N",
      defaultValue = "1",
      description = "Pairs without an edge for each held-out link (default: ${DEFAULT-VALUE}).")
  private int negatives;

  public SplitEdgesCommand(Streams streams) {
    super(streams);
  }

  /** There a held-out link stays in the graph as its reverse. */
  private static void noteSymmetric(GraphDataset data, Output output) {
    CsrGraph graph = data.graph();
    if (data.description().directed()
        && graph.numEdges() > 0
        && IntStream.range(0, graph.numNodes()).mapToLong(graph::asymmetry).sum() == 0) {
      output.note(
          "each edge has its reverse, but the dataset says it is directed: held-out links stay in"
              + " the graph as their reverses; import it with --undirected");
    }
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    LinkSplit split = new LinkSplit(valid, test, negatives, common.seed);
    DatasetDescription made;
    try (GraphDataset data = GraphDataset.open(dataset, StorageMode.MAPPED)) {
      made = split.write(data, out);
      noteSymmetric(data, output);
    }
    HeldOutLinks links = HeldOutLinks.read(out, made.numNodes());
    int numValid = links.valid().positives().size();
    int numTest = links.test().positives().size();
    output.result(
        "%s: %s training edges, %s links for validation, %s for the test: %s",
        made.name(),
        Format.count(made.numEdges()),
        Format.count(numValid),
        Format.count(numTest),
        out);

    Map<String, Object> result = new LinkedHashMap<>();
    result.put("command", "split-edges");
    result.put("dataset", made.name());
    result.put("out", out.toString());
    result.put("fingerprint", made.fingerprint());
    result.put("num_edges", made.numEdges());
    result.put("directed", made.directed());
    result.put("num_valid", numValid);
    result.put("num_test", numTest);
    result.put("negatives", negatives);
    result.put("seed", common.seed);
    return result;
  }
}
