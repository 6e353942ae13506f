package io.millrace.cli.infer;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.DiskOption;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.cli.command.TraceOption;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.links.NodePairs;
import io.millrace.training.files.ModelFile;
import io.millrace.training.inference.GraphInference;
import io.millrace.training.inference.InferenceReport;
import io.millrace.training.inference.OutputOptions;
import io.millrace.training.torch.TorchDevice;
import io.millrace.transfer.trace.Stage;
import io.millrace.tuning.Verdict;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Predicts for all nodes of a dataset with a model that {@code train --save} has kept. The next
 * class to read is {@link InferOptions}.
 */
@Command(
    name = "infer",
    sortOptions = false,
    description = {
      "Predicts the class of every node with a trained model, exactly and in bounded memory.",
      "If it is interrupted in any way, the same command resumes where it stopped."
    },
    footer = {
      "%nFiles in --out: predictions.npy int32 [n], or int8 [n x labels] where a node can have"
          + " several, or of targets float32 [n x targets]; manifest.json, written last: inputs,"
          + " settings, checksums and scores; and the files that are asked for.",
      "Memory: --memory in addition to what Java and libtorch take (some 1.2 GiB).",
      "--workers: by default one for every two cores."
    })
@Internal
public final class InferCommand extends Subcommand {
  @Mixin private TrainedModel trained;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The directory for the results, and for temporary files until all is done.")
  private Path out;

  @Mixin private InferOptions options;

  @Mixin private ResultOptions results;

  @Option(
      names = "--pairs",
      paramLabel = "FILE",
      description =
          "With a model of train --task link: score these pairs, npy of int32 [n x 2], source"
              + " first, into scores.npy, float32 [n].")
  private Optional<Path> pairs = Optional.empty();

  @Mixin private TraceOption trace;

  @Mixin private DiskOption disk;

  @Option(
      names = "--merge",
      description = "Join the results of the shards that are done; compute nothing.")
  private boolean merge;

  /** Options of results that pairs do not have. */
  private static final List<String> NOT_OF_PAIRS =
      List.of(
          "--merge",
          "--trace",
          "--nodes",
          "--shard",
          "--scores",
          "--top-k",
          "--embeddings",
          "--csv",
          "--spreadsheet");

  @Spec private CommandSpec spec;

  private Verdict verdict;

  public InferCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    TorchDevice device = TorchDevice.of(common.device);
    output.note("device: %s", device.description());
    ModelFile file = trained.read();
    pairs.ifPresent(_ -> requireOptionsOfPairs());
    if (pairs.isPresent() != file.info().links()) {
      throw BadInputException.of(
          pairs.isPresent()
              ? "--pairs needs a model of train --task link"
              : "a model of train --task link scores --pairs",
          "model",
          trained.directory());
    }
    GraphDataset data = datasets().openUncopied(trained.dataset());
    if (pairs.isPresent()) {
      return scorePairs(data, file, device, common, output);
    }
    InferenceReport report = infer(data, file, device, common, output);
    Optional<String> shard = merge ? Optional.empty() : options.unfinishedShard();
    InferResult.print(data.name(), report, shard, out, output);
    if (!verdict.text().isEmpty()) {
      output.result("%s", verdict.text());
    }

    Map<String, Object> result = new LinkedHashMap<>();
    result.put("command", "infer");
    result.put("dataset", data.name());
    result.put("out", out.toString());
    result.putAll(InferResult.json(report));
    result.put("verdict", verdict.json());
    return result;
  }

  private void requireOptionsOfPairs() {
    for (String option : NOT_OF_PAIRS) {
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw BadInputException.of("--pairs takes no such option", "option", option);
      }
    }
  }

  private Map<String, Object> scorePairs(
      GraphDataset data, ModelFile file, TorchDevice device, CommonOptions common, Output output) {
    NodePairs links = NodePairs.read(pairs.get(), data.graph().numNodes());
    int[] nodes = IntStream.of(links.ends()).sorted().distinct().toArray();
    try (GraphInference inference =
            options.builder(data, file, common).device(device).nodes(nodes).build();
        InferProgress progress = new InferProgress(output)) {
      PairFile.write(inference, file.pairScorer(), links, nodes, out, progress);
    }
    output.result("%s: scores of %s pairs: %s", data.name(), Format.count(links.size()), out);
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("command", "infer");
    result.put("dataset", data.name());
    result.put("out", out.toString());
    result.put("num_pairs", links.size());
    return result;
  }

  private InferenceReport infer(
      GraphDataset data, ModelFile file, TorchDevice device, CommonOptions common, Output output) {
    OutputOptions choice = results.choice(data, file.info());
    try (GraphInference inference =
            options
                .builder(data, file, common)
                .device(device)
                .embeddings(results.embeddings())
                .build();
        InferProgress progress = new InferProgress(output)) {
      trace.begin(inference.trace());
      InferenceReport report =
          merge ? inference.merge(out, choice, progress) : inference.run(out, choice, progress);
      trace.write(inference.trace(), output);
      verdict = Verdict.of(inference.trace().metrics(), Stage.EVALUATE, disk.resources());
      return report;
    }
  }
}
