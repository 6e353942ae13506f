package io.millrace.bench.infer;

import io.millrace.bench.harness.ProcessMemory;
import io.millrace.bench.harness.TemporaryFolder;
import io.millrace.datasets.GraphDataset;
import io.millrace.training.files.ModelFile;
import io.millrace.training.inference.GraphInference;
import io.millrace.training.inference.InferenceBuilder;
import io.millrace.training.inference.InferenceListener;
import io.millrace.training.inference.InferenceMode;
import io.millrace.training.inference.InferenceReport;
import io.millrace.training.inference.OutputOptions;
import io.millrace.training.torch.TorchDevice;
import io.millrace.transfer.PipelineSettings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/**
 * Measures inference over all nodes, layer by layer, then sampled inference over some, with the
 * same model. Used by one thread; closes both. The next class to read is {@link InferBenchResult}.
 */
final class InferContest implements AutoCloseable {
  private final GraphInference layerwise;
  private final GraphInference sampled;
  private final String sampledName;
  private final int numRounds;

  /** Makes both: what does not fit one of them is an error before the other has run for long. */
  InferContest(
      GraphDataset data, ModelFile model, InferBenchSettings settings, TorchDevice device) {
    numRounds = settings.numRounds();
    InferenceBuilder some =
        builder(data, model, settings, device)
            .mode(InferenceMode.sampled(settings.fanout()))
            .nodes(settings.nodes(data.graph().numNodes()));
    sampledName = "sampled " + settings.fanout();
    sampled = some.build();
    try {
      layerwise = builder(data, model, settings, device).build();
    } catch (Throwable t) {
      sampled.close();
      throw t;
    }
  }

  private static InferenceBuilder builder(
      GraphDataset data, ModelFile model, InferBenchSettings settings, TorchDevice device) {
    return GraphInference.builder(data, model)
        .device(device)
        .memory(settings.memoryBytes())
        .pipeline(PipelineSettings.defaults().workers(settings.numWorkers()))
        .seed(settings.seed());
  }

  /**
   * @param before comes before each inference
   */
  InferBenchResult measure(Runnable before) {
    List<InferBenchResult.Run> exact = new ArrayList<>();
    List<InferBenchResult.Run> some = new ArrayList<>();
    for (int round = 0; round < numRounds; round++) {
      before.run();
      exact.add(run(layerwise, round == 0));
      before.run();
      some.add(run(sampled, false));
    }
    return new InferBenchResult(median(exact), median(some), sampledName);
  }

  private static InferBenchResult.Run median(List<InferBenchResult.Run> runs) {
    return runs.stream()
        .sorted(Comparator.comparingDouble(run -> run.report().seconds()))
        .toList()
        .get(runs.size() / 2);
  }

  /**
   * @param first whether the peak of the whole process is this one's, too
   */
  private static InferBenchResult.Run run(GraphInference inference, boolean first) {
    boolean ownPeak = ProcessMemory.restartPeak() || first;
    try (TemporaryFolder folder = TemporaryFolder.create("infer")) {
      InferenceReport report =
          inference.run(
              folder.path().resolve("out"), OutputOptions.PREDICTIONS, InferenceListener.NONE);
      long peak = report.peakResidentBytes();
      return new InferBenchResult.Run(
          report, ownPeak && peak >= 0 ? OptionalLong.of(peak) : OptionalLong.empty());
    }
  }

  @Override
  public void close() {
    layerwise.close();
    sampled.close();
  }
}
