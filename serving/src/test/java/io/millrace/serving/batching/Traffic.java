package io.millrace.serving.batching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Open-loop traffic to a {@link BatchQueue} under a virtual clock: Poisson arrivals that were fixed
 * before, one worker, latency from the intended time. Milliseconds outside, nanoseconds inside.
 */
final class Traffic {
  private static final double MILLI = 1e6;

  /** How long a batch takes. */
  interface Latency {
    double millis(int size, double now);
  }

  /** What became of the requests. */
  record Outcome(List<Double> accepted, int inTime, int refused, int expired, double millis) {
    double goodput() {
      return inTime / millis * 1000;
    }

    double percentile99() {
      return percentile99(accepted);
    }

    static double percentile99(List<Double> latencies) {
      double[] sorted = latencies.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      return sorted[(sorted.length - 1) * 99 / 100];
    }
  }

  private final double sloMillis;
  private final BatchQueue<Double> queue;
  private final boolean shedding;
  private final Latency latency;
  private final List<Integer> batchOf = new ArrayList<>();
  private final List<Integer> batchSizes = new ArrayList<>();
  private final List<Double> batchMillis = new ArrayList<>();

  Traffic(double sloMillis, AimdLimit limit, boolean shedding, Latency latency) {
    this.sloMillis = sloMillis;
    this.shedding = shedding;
    this.latency = latency;
    queue = new BatchQueue<>(100_000, 0, limit);
  }

  Outcome run(double perSecond, double millis, long seed) {
    Random random = new Random(seed);
    List<Double> arrivals = new ArrayList<>();
    for (double at = 0; at < millis; ) {
      arrivals.add(at);
      at += -Math.log(1 - random.nextDouble()) * 1000 / perSecond;
    }
    List<Double> accepted = new ArrayList<>();
    int inTime = 0;
    int refused = 0;
    int expired = 0;
    int next = 0;
    double now = 0;
    double busyUntil = 0;
    List<Double> running = List.of();
    while (next < arrivals.size() || queue.size() > 0 || !running.isEmpty()) {
      double arrival = next < arrivals.size() ? arrivals.get(next) : Double.POSITIVE_INFINITY;
      if (!running.isEmpty() && busyUntil <= arrival) {
        now = busyUntil;
        queue.finished(nanos(now), nanos(sloMillis / 2));
        for (double since : running) {
          accepted.add(now - since);
          batchOf.add(batchMillis.size() - 1);
          inTime += now - since <= sloMillis ? 1 : 0;
        }
        running = List.of();
      } else if (arrival < Double.POSITIVE_INFINITY) {
        now = arrival;
        next++;
        long deadline = shedding ? nanos(now + sloMillis) : Long.MAX_VALUE;
        if (shedding && queue.refusal(1, deadline, nanos(now)).isPresent()) {
          refused++;
        } else {
          queue.add(now, deadline, nanos(now));
        }
      }
      if (running.isEmpty() && queue.size() > 0) {
        List<Double> late = new ArrayList<>();
        running = queue.take(nanos(now), late);
        expired += late.size();
        double takes = running.isEmpty() ? 0 : latency.millis(running.size(), now);
        busyUntil = now + takes;
        if (!running.isEmpty()) {
          batchSizes.add(running.size());
          batchMillis.add(takes);
        }
      }
    }
    return new Outcome(accepted, inTime, refused, expired, millis);
  }

  double[] batchMillis() {
    return batchMillis.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** The latencies of what was computed in a batch from this one on. */
  List<Double> from(int batch, Outcome outcome) {
    List<Double> latencies = new ArrayList<>();
    for (int i = 0; i < batchOf.size(); i++) {
      if (batchOf.get(i) >= batch) {
        latencies.add(outcome.accepted().get(i));
      }
    }
    return latencies;
  }

  int largestBatch() {
    return batchSizes.stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  static int firstAbove(double[] values, double limit) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] > limit) {
        return i;
      }
    }
    throw new AssertionError("none above " + limit + ": " + Arrays.toString(values));
  }

  private static long nanos(double millis) {
    return (long) (millis * MILLI);
  }
}
