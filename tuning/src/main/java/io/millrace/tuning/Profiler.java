package io.millrace.tuning;

import io.millrace.Internal;
import io.millrace.Progress;
import io.millrace.Require;
import io.millrace.training.TrainerBuilder;
import io.millrace.tuning.balance.RankProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Measures how long this machine takes for a virtual node of each size, by a short training of
 * each. Stateless.
 */
@Internal
public final class Profiler {
  /** Seeds of the smallest virtual node. */
  public static final int SMALLEST = 16;

  /** Default batches of each training that are measured. */
  public static final int BATCHES = 10;

  private Profiler() {}

  /** Powers of two from {@value #SMALLEST}, and the largest itself. */
  public static List<Integer> sizes(int largest) {
    Require.positive("largest", largest);
    List<Integer> sizes = new ArrayList<>();
    for (long size = SMALLEST; size < largest; size *= 2) {
      sizes.add((int) size);
    }
    sizes.add(largest);
    return sizes;
  }

  /**
   * @param trainers makes a builder of the training, whose batch size is replaced
   * @param sizes to measure
   * @param batches of each training, after a warm-up
   */
  public static RankProfile profile(
      Supplier<TrainerBuilder> trainers, List<Integer> sizes, int batches, Progress progress) {
    List<RankProfile.Point> points = new ArrayList<>();
    for (int size : sizes) {
      TrainerBuilder builder = trainers.get().batchSize(size).virtualNodes(1);
      double perSecond = TracedRun.of(builder, batches).batchesPerSecond();
      points.add(new RankProfile.Point(size, 1e3 / perSecond));
      progress.update("profile", points.size(), sizes.size());
    }
    return new RankProfile(points);
  }
}
