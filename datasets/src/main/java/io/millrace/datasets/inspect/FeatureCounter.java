package io.millrace.datasets.inspect;

import io.millrace.Progress;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.platform.Parallel;
import java.util.Arrays;

/** Counts what {@link DatasetReport.FeatureRange} reports, on all cores. */
final class FeatureCounter {
  private static final int VALUES_PER_RANGE = 1 << 20;

  private FeatureCounter() {}

  static DatasetReport.FeatureRange count(FeatureMatrix features, Progress progress) {
    int numNodes = features.numNodes();
    int rowsPerRange = Math.max(1, VALUES_PER_RANGE / features.dim());
    Partial[] partials = new Partial[Parallel.numRanges(numNodes, rowsPerRange)];
    Parallel.run(
        partials.length,
        progress,
        "scan features",
        i -> {
          int from = i * rowsPerRange;
          partials[i] =
              countRows(features, from, (int) Math.min(numNodes, from + (long) rowsPerRange));
        });
    Partial all = Arrays.stream(partials).reduce(Partial.EMPTY, Partial::plus);
    return new DatasetReport.FeatureRange(
        all.min, all.max, all.sum / ((double) numNodes * features.dim()), all.zeroRows);
  }

  private static Partial countRows(FeatureMatrix features, int from, int to) {
    int dim = features.dim();
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    double sum = 0;
    int zeroRows = 0;
    for (int node = from; node < to; node++) {
      boolean allZero = true;
      for (int column = 0; column < dim; column++) {
        float value = features.get(node, column);
        min = Math.min(min, value);
        max = Math.max(max, value);
        sum += value;
        allZero &= value == 0;
      }
      zeroRows += allZero ? 1 : 0;
    }
    return new Partial(min, max, sum, zeroRows);
  }

  private record Partial(float min, float max, double sum, int zeroRows) {
    static final Partial EMPTY =
        new Partial(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0, 0);

    Partial plus(Partial other) {
      return new Partial(
          Math.min(min, other.min),
          Math.max(max, other.max),
          sum + other.sum,
          zeroRows + other.zeroRows);
    }
  }
}
