package io.millrace.cli.data;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.Require;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.EnumOptions;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.StageProgress;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.datasets.npy.NpyArray;
import io.millrace.datasets.npy.NpyType;
import io.millrace.datasets.npy.NpzMember;
import io.millrace.datasets.npy.NpzWriter;
import io.millrace.datasets.platform.IoErrors;
import io.millrace.datasets.platform.PartialDirectory;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.NeighborSampler;
import io.millrace.sampler.SampledBatch;
import io.millrace.sampler.SamplerBuilder;
import io.millrace.sampler.draw.Draw;
import io.millrace.sampler.draw.EdgeTimes;
import io.millrace.sampler.draw.EdgeWeights;
import io.millrace.sampler.draw.TimeRule;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes sampled batches as arrays. */
@Command(
    name = "sample",
    sortOptions = false,
    description = "Writes sampled batches as arrays that numpy opens.",
    footer = {
      "%nThe arrays of batch 0, and of its layer 0, which is the one at the input:",
      "  b0_nodes       node id of each local id; the seeds come first",
      "  b0_seeds       local id of each seed as it was given",
      "  b0_times       time at which each local id is looked at, with --times or --draw latest",
      "  b0_l0_indptr   where the edges of each destination begin, and the last end",
      "  b0_l0_indices  local id of the source of each edge",
      "  b0_l0_positions, b0_l0_scale  with --edge-positions, --draw weighted-estimate",
      "%nIn Python:",
      "  batches = numpy.load(FILE)",
      "  sources = batches['b0_nodes'][batches['b0_l0_indices']]"
    })
@Internal
public final class SampleCommand extends Subcommand {
  @Parameters(paramLabel = "DATASET", description = "A dataset directory.")
  private Path dataset;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE.npz",
      description = "The file to make; must not exist.")
  private Path out;

  @Option(
      names = "--seeds",
      paramLabel = "FILE",
      description = "The seeds, in this order: an npy file of node ids, or text with an id a line.")
  private Optional<Path> seeds = Optional.empty();

  @Option(
      names = "--split",
      paramLabel = "train|valid|test",
      description =
          "The seeds are the nodes of a split: those of train shuffled as a training does it in"
              + " that epoch, the others in their order (default: train, without --seeds).")
  private Optional<Split> split = Optional.empty();

  @Option(
      names = "--fanout",
      paramLabel = "N,N,...",
      defaultValue = "15,10,5",
      description =
          "Neighbours per hop, next to the seeds first; -1 = all (default: ${DEFAULT-VALUE}).")
  private Fanout fanout;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "1024",
      description = "Seeds per batch (default: ${DEFAULT-VALUE}).")
  private int batchSize;

  @Option(
      names = "--batches",
      paramLabel = "N",
      description = "Only the first N batches (default: all).")
  private Optional<Integer> batches = Optional.empty();

  @Option(
      names = "--epoch",
      paramLabel = "N",
      defaultValue = "1",
      description = "The epoch, from 1: each has other samples (default: ${DEFAULT-VALUE}).")
  private int epoch;

  @Option(
      names = "--draw",
      paramLabel = "HOW",
      defaultValue = "uniform",
      description =
          "How neighbours are drawn: uniform, replace (with replacement), weighted,"
              + " weighted-estimate (with the scale of an estimate) or weighted-replace (by edge"
              + " weights), labor, labor-dependent, or latest (by edge times; default:"
              + " ${DEFAULT-VALUE}).")
  private Draw draw;

  @Option(
      names = "--times",
      paramLabel = "FILE.npy",
      description =
          "The time of each seed, int64, in the order of --seeds: only edges before it count.")
  private Optional<Path> times = Optional.empty();

  @Mixin private final TimeOptions timeOptions = new TimeOptions();

  private Optional<long[]> seedTimes = Optional.empty();

  @Option(
      names = "--edge-positions",
      description = "Also write where each edge lies in the dataset's arrays of edges.")
  private boolean edgePositions;

  public SampleCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    requireOptions();
    long numEdges = 0;
    long numNodes = 0;
    int numBatches;
    try (GraphDataset data = GraphDataset.open(dataset);
        StageProgress progress = output.stages();
        PartialDirectory partial = PartialDirectory.forTarget(out)) {
      seedTimes = times.map(SampleCommand::readTimes);
      EpochPlan.Epoch plan = plan(data, common.seed).epoch(epoch - 1);
      numBatches = Math.min(batches.orElse(Integer.MAX_VALUE), plan.numBatches());
      NeighborSampler sampler = sampler(data);
      Path file = partial.resolve(out.getFileName().toString());
      try (NpzWriter npz = NpzWriter.create(file)) {
        for (int number = 0; number < numBatches; number++) {
          SampledBatch batch = sample(sampler, plan, number);
          for (NpzMember array : BatchArrays.of(number, batch)) {
            npz.write(array);
          }
          numEdges += batch.numEdges();
          numNodes += batch.numNodes();
          progress.update("sample (batches)", number + 1, numBatches);
        }
        npz.finish();
      }
      Files.move(file, out, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw IoErrors.cannotWrite(out, "npz", e);
    }
    output.result(
        "wrote %s: %s batches, %s nodes, %s edges",
        out, Format.count(numBatches), Format.count(numNodes), Format.count(numEdges));
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("command", "sample");
    result.put("dataset", dataset.toString());
    result.put("out", out.toString());
    result.put("fanout", fanout.toString());
    result.put("draw", draw.toString());
    result.put("seed", common.seed);
    result.put("epoch", epoch);
    result.put("batches", numBatches);
    result.put("nodes", numNodes);
    result.put("edges", numEdges);
    return result;
  }

  private void requireOptions() {
    if (seeds.isPresent() && split.isPresent()) {
      throw BadInputException.of(
          "--seeds and --split exclude each other",
          "seeds",
          seeds.get(),
          "split",
          EnumOptions.label(split.get()));
    }
    if (timeOptions.rule().isPresent() && times.isEmpty()) {
      throw BadInputException.of(
          "--before, --until, --window and --source-times need --times", "--draw", draw);
    }
    if (times.isPresent() && seeds.isEmpty()) {
      throw BadInputException.of("--times are those of --seeds", "--times", times.get());
    }
    Require.positive("--epoch", epoch);
    batches.ifPresent(value -> Require.positive("--batches", value));
    PartialDirectory.requireFree(out); // before the dataset is opened, which can take long
  }

  private static long[] readTimes(Path file) {
    IoErrors.requireRegular(file);
    try (Arena arena = Arena.ofConfined()) {
      return NpyArray.map(file, NpyType.INT64, 1, arena).data().toArray(JAVA_LONG);
    }
  }

  private SampledBatch sample(NeighborSampler sampler, EpochPlan.Epoch plan, int number) {
    int[] ofBatch = plan.seeds(number);
    long batchSeed = plan.batchSeed(number);
    if (seedTimes.isEmpty()) {
      return sampler.sample(ofBatch, batchSeed);
    }
    int from = number * batchSize;
    long[] part = Arrays.copyOfRange(seedTimes.get(), from, from + ofBatch.length);
    return sampler.sample(ofBatch, part, fanout, batchSeed);
  }

  private EpochPlan plan(GraphDataset data, long seed) {
    if (seeds.isPresent()) {
      int[] nodes = NodeFile.read(seeds.get(), data.graph().numNodes(), data.dictionary());
      seedTimes.ifPresent(values -> requireTimes(nodes.length, values.length));
      return EpochPlan.inOrder(nodes, batchSize, seed);
    }
    Split chosen = split.orElse(Split.TRAIN);
    return chosen == Split.TRAIN
        ? EpochPlan.of(data.nodes(chosen), batchSize, seed)
        : EpochPlan.inOrder(data.nodes(chosen), batchSize, seed);
  }

  private void requireTimes(int numSeeds, int numTimes) {
    if (numSeeds != numTimes) {
      throw BadInputException.of(
          "need one time per seed", "seeds", numSeeds, "times", numTimes, "file", times.get());
    }
  }

  private NeighborSampler sampler(GraphDataset data) {
    SamplerBuilder builder =
        NeighborSampler.builder(data.graph(), fanout).draw(draw).edgePositions(edgePositions);
    if (draw.needsWeights()) {
      builder.weights(EdgeWeights.of(data));
    }
    Optional<TimeRule> rule = timeOptions.rule();
    if (rule.isPresent() || draw.needsTimes() || times.isPresent()) {
      builder.times(EdgeTimes.of(data), rule.orElse(TimeRule.before()));
    }
    return builder.build();
  }
}
