package io.millrace.bench.step;

import ai.djl.pytorch.jni.JniUtils;
import io.millrace.Progress;
import io.millrace.bench.harness.Rounds;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Training steps with each {@link MeanVariant}, taking turns. All that form a mean must have the
 * same losses. The next class to read is {@link StepContender}.
 */
final class StepContest {
  private static final double TOLERANCE = 1e-3;

  private StepContest() {}

  static StepResult run(List<StepLayer> layers, StepSettings settings, Progress progress) {
    int threadsBefore = JniUtils.getNumThreads();
    JniUtils.setNumThreads(settings.computeThreads());
    Map<MeanVariant, StepContender> contenders = new EnumMap<>(MeanVariant.class);
    try {
      for (MeanVariant mean : MeanVariant.values()) {
        contenders.put(mean, new StepContender(mean, layers, settings));
      }
      List<StepContender> all = List.copyOf(contenders.values());
      requireSameLosses(all, progress);
      StepResult result = new StepResult();
      Rounds.run(
          "measure",
          settings.numRounds(),
          all,
          progress,
          (contender, _) -> measure(contender, result));
      return result;
    } finally {
      contenders.values().forEach(StepContender::close);
      JniUtils.setNumThreads(threadsBefore);
    }
  }

  private static void measure(StepContender contender, StepResult result) {
    long start = System.nanoTime();
    contender.step();
    result.add(contender.mean(), System.nanoTime() - start);
  }

  /** Three steps, which also warm up: the third loss depends on the gradients of two. */
  private static void requireSameLosses(List<StepContender> all, Progress progress) {
    Map<MeanVariant, Double> losses = new EnumMap<>(MeanVariant.class);
    Rounds.run(
        "warm up",
        3,
        all,
        progress,
        (contender, _) -> losses.put(contender.mean(), contender.step()));
    double expected = losses.get(MeanVariant.FUSED);
    Stream.of(MeanVariant.values())
        .filter(mean -> mean != MeanVariant.NONE)
        .filter(mean -> !(Math.abs(losses.get(mean) - expected) < TOLERANCE))
        .findFirst()
        .ifPresent(
            mean -> {
              throw new IllegalStateException(
                  "formulations disagree: %s=%s, %s=%s"
                      .formatted(
                          MeanVariant.FUSED.label(), expected, mean.label(), losses.get(mean)));
            });
  }
}
