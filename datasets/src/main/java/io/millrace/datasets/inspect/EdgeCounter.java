package io.millrace.datasets.inspect;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.Progress;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.EdgeAttributes;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.platform.Parallel;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/** Counts what {@link DatasetReport.EdgeRange} reports, on all cores. */
final class EdgeCounter {
  private static final long VALUES_PER_RANGE = 1 << 20;

  private EdgeCounter() {}

  static Optional<DatasetReport.EdgeRange> weights(EdgeAttributes edges, Progress progress) {
    return edges.columns().weights() ? count(edges.weights(), 1, progress) : Optional.empty();
  }

  static Optional<DatasetReport.EdgeRange> features(EdgeAttributes edges, Progress progress) {
    int dim = edges.columns().featureDim();
    return dim > 0 ? count(edges.features(), dim, progress) : Optional.empty();
  }

  /** Empty if there are no edges, or they have no times. */
  static Optional<DatasetReport.TimeRange> times(GraphDataset data) {
    CsrGraph graph = data.graph();
    if (!data.edges().columns().times() || graph.numEdges() == 0) {
      return Optional.empty();
    }
    MemorySegment times = data.edges().times();
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    boolean ordered = true;
    for (int row = 0; row < graph.numNodes(); row++) {
      long end = graph.rowStart(row + 1);
      long before = Long.MIN_VALUE;
      for (long at = graph.rowStart(row); at < end; at++) {
        long time = times.getAtIndex(JAVA_LONG, at);
        first = Math.min(first, time);
        last = Math.max(last, time);
        ordered &= time >= before;
        before = time;
      }
    }
    return Optional.of(new DatasetReport.TimeRange(first, last, ordered));
  }

  /** Empty if there are no edges. */
  private static Optional<DatasetReport.EdgeRange> count(
      MemorySegment values, int dim, Progress progress) {
    long numValues = values.byteSize() / Float.BYTES;
    Partial[] partials = new Partial[Parallel.numRanges(numValues, VALUES_PER_RANGE)];
    Parallel.run(
        partials.length,
        progress,
        "scan edges",
        i -> {
          long from = i * VALUES_PER_RANGE;
          partials[i] = countValues(values, from, Math.min(numValues, from + VALUES_PER_RANGE));
        });
    return Arrays.stream(partials)
        .reduce(Partial::plus)
        .map(
            all ->
                new DatasetReport.EdgeRange(dim, all.min, all.max, all.sum / numValues, all.zeros));
  }

  private static Partial countValues(MemorySegment values, long from, long to) {
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    double sum = 0;
    long zeros = 0;
    for (long i = from; i < to; i++) {
      float value = values.getAtIndex(JAVA_FLOAT, i);
      min = Math.min(min, value);
      max = Math.max(max, value);
      sum += value;
      zeros += value == 0 ? 1 : 0;
    }
    return new Partial(min, max, sum, zeros);
  }

  private record Partial(float min, float max, double sum, long zeros) {
    Partial plus(Partial other) {
      return new Partial(
          Math.min(min, other.min), Math.max(max, other.max), sum + other.sum, zeros + other.zeros);
    }
  }
}
