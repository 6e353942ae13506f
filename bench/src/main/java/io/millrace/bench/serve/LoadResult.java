package io.millrace.bench.serve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What became of the requests of one load. Thread-safe. */
final class LoadResult {
  private final double perSecond;
  private final long sloNanos;
  private double seconds;
  private final Map<Integer, List<Long>> byStatus = new TreeMap<>();
  private final List<Long> delays = new ArrayList<>();
  private int lost;

  /**
   * @param perSecond requests that are sent
   */
  LoadResult(double perSecond, long sloNanos) {
    this.perSecond = perSecond;
    this.sloNanos = sloNanos;
  }

  /** So much more time, in which requests are sent. */
  synchronized void begin(double more) {
    seconds += more;
  }

  /**
   * @param status of HTTP; 0 if there was no answer
   */
  synchronized void add(int status, long nanos) {
    byStatus.computeIfAbsent(status, _ -> new ArrayList<>()).add(nanos);
  }

  /**
   * A request is sent.
   *
   * @param delayNanos how long after its time: what the generator adds to the latency itself
   */
  synchronized void sent(long delayNanos) {
    delays.add(delayNanos);
  }

  /** A request that the generator could not send. */
  synchronized void lost() {
    lost++;
  }

  private List<Long> times(int status) {
    return byStatus.getOrDefault(status, List.of());
  }

  int count(int status) {
    return times(status).size();
  }

  /** Milliseconds; NaN without an answer of this status. */
  synchronized double percentile(int status, int percent) {
    return percentile(times(status), percent);
  }

  /** How late requests were sent, in milliseconds; NaN if there were none. */
  synchronized double delayPercentile(int percent) {
    return percentile(delays, percent);
  }

  private static double percentile(List<Long> times, int percent) {
    long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
    return sorted.length == 0 ? Double.NaN : sorted[(sorted.length - 1) * percent / 100] / 1e6;
  }

  /** Answers within the objective, per second. */
  synchronized double goodput() {
    return times(200).stream().filter(nanos -> nanos <= sloNanos).count() / seconds;
  }

  double perSecond() {
    return perSecond;
  }

  synchronized Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("requests_per_second", perSecond);
    json.put("goodput_per_second", goodput());
    byStatus.forEach((status, times) -> json.put("status_" + status, times.size()));
    json.put("lost_by_generator", lost);
    if (!delays.isEmpty()) {
      json.put("sent_late_p99_ms", delayPercentile(99));
    }
    if (count(200) > 0) {
      json.put("ok_p50_ms", percentile(200, 50));
      json.put("ok_p99_ms", percentile(200, 99));
    }
    if (count(503) > 0) {
      json.put("refused_p99_ms", percentile(503, 99));
    }
    return json;
  }
}
