package io.millrace.bench.epoch;

import io.millrace.Progress;
import io.millrace.bench.harness.Rounds;
import io.millrace.datasets.GraphDataset;
import io.millrace.training.torch.TorchDevice;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Measures epochs of GraphSAGE, one change at a time, side by side.
 *
 * <p>Each variant has a trainer of its own, which trains one epoch to warm up and one a round. All
 * train on the same batches, which is checked. Used by one thread; closes its trainers. The next
 * classes to read are {@link EpochContender} and {@link EpochResult}.
 */
final class EpochContest implements AutoCloseable {
  private final EpochSettings settings;
  private final Map<EpochVariant, EpochContender> contenders = new EnumMap<>(EpochVariant.class);

  EpochContest(GraphDataset data, EpochSettings settings, TorchDevice device) {
    this.settings = settings;
    try {
      for (EpochVariant variant : EpochVariant.on(device)) {
        contenders.put(variant, EpochContender.of(variant, data, settings, device));
      }
    } catch (Throwable t) {
      close();
      throw t;
    }
  }

  /**
   * @param before comes before each epoch that is measured
   */
  EpochResult measure(Runnable before, Progress progress) {
    run("warm up", 1, () -> {}, progress);
    return run("measure", settings.numRounds(), before, progress);
  }

  private EpochResult run(String stage, int numRounds, Runnable before, Progress progress) {
    EpochResult result = new EpochResult(settings.numWorkers());
    Rounds.run(
        stage,
        numRounds,
        List.copyOf(contenders.keySet()),
        progress,
        (variant, _) -> {
          before.run();
          result.add(variant, contenders.get(variant).epoch());
        });
    result.requireSameBatches();
    return result;
  }

  @Override
  public void close() {
    contenders.values().forEach(EpochContender::close);
  }
}
