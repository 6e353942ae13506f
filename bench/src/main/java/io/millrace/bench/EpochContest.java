package io.millrace.bench;

import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Progress;
import io.millrace.training.EpochReport;
import io.millrace.training.GraphSage;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainerBuilder;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Measures epochs of GraphSAGE on the CPU, one change at a time, side by side.
 *
 * <p>Each variant has a trainer of its own, which trains one epoch to warm up and one a round. All
 * train on the same batches, which is checked. Used by one thread; closes its trainers. The next
 * class to read is {@link EpochResult}.
 */
final class EpochContest implements AutoCloseable {
  /** Those that there are on the CPU. */
  private static final List<EpochVariant> VARIANTS =
      List.of(EpochVariant.SERIAL, EpochVariant.WORKERS, EpochVariant.OVERLAP);

  private final EpochSettings settings;
  private final Map<EpochVariant, GraphTrainer> trainers = new EnumMap<>(EpochVariant.class);

  EpochContest(GraphDataset data, EpochSettings settings) {
    this.settings = settings;
    try {
      for (EpochVariant variant : VARIANTS) {
        trainers.put(variant, trainer(data, variant));
      }
    } catch (Throwable t) {
      close();
      throw t;
    }
  }

  private GraphTrainer trainer(GraphDataset data, EpochVariant variant) {
    TrainerBuilder builder =
        GraphTrainer.builder(data)
            .model(GraphSage.of(settings.hidden(), settings.fanout().numHops()))
            .fanout(settings.fanout())
            .batchSize(settings.batchSize())
            .computeThreads(settings.computeThreads())
            .seed(settings.seed());
    variant.configure(builder, settings.numWorkers());
    return builder.build();
  }

  EpochResult measure(Progress progress) {
    EpochResult warmUp = new EpochResult(settings.numWorkers());
    run("warm up", 1, progress, warmUp);
    EpochResult result = new EpochResult(settings.numWorkers());
    run("measure", settings.numRounds(), progress, result);
    return result;
  }

  private void run(String stage, int numRounds, Progress progress, EpochResult result) {
    Rounds.run(
        stage,
        numRounds,
        VARIANTS,
        progress,
        (variant, _) -> {
          EpochReport report = trainers.get(variant).epoch();
          result.add(variant, report.stats());
        });
    result.requireSameBatches();
  }

  @Override
  public void close() {
    trainers.values().forEach(GraphTrainer::close);
  }
}
