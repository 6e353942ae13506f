package io.millrace.serving.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * The counters of a server.
 *
 * <pre>
 *   millrace_requests_total{model,code}           answers
 *   millrace_request_seconds{model}               from the first byte read to the last written
 *   millrace_queue_seconds{model}                 the longest wait in each batch
 *   millrace_compute_seconds{model}               sampling, slicing and the network, per batch
 *   millrace_batch_seeds{model}                   nodes in a batch
 *   millrace_batch_limit{model}                   nodes that a batch may have now
 *   millrace_pending{model}                       nodes that wait
 *   millrace_cache_hits_total, _misses_total, _evictions_total
 *   millrace_cache_bytes
 *   millrace_shed_total{model,reason}             refused on arrival, or too late
 *   millrace_online_accuracy{model}               of an ensemble, by feedback
 *   millrace_model{model,checksum,dataset}        1 for the version that answers, 0 before
 * </pre>
 *
 * <p>Thread-safe.
 */
public final class ServerMetrics {
  private static final String PREFIX = "millrace.";
  private static final Duration[] TIMES = {
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(20),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(200),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** All of them as text. */
  public String text() {
    return registry.scrape();
  }

  /** An answer was written. */
  public void answered(String model, int code, long nanos) {
    Counter.builder(PREFIX + "requests")
        .tag("model", model)
        .tag("code", Integer.toString(code))
        .register(registry)
        .increment();
    timer("request", model).record(nanos, TimeUnit.NANOSECONDS);
  }

  /** A batch begins. */
  public void queued(String model, long nanos) {
    timer("queue", model).record(nanos, TimeUnit.NANOSECONDS);
  }

  /** A batch is done. */
  public void computed(String model, int size, long nanos) {
    timer("compute", model).record(nanos, TimeUnit.NANOSECONDS);
    DistributionSummary.builder(PREFIX + "batch.seeds")
        .tag("model", model)
        .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
        .register(registry)
        .record(size);
  }

  /** Nodes were refused, or came too late. */
  public void shed(String model, String reason, int count) {
    Counter.builder(PREFIX + "shed")
        .tag("model", model)
        .tag("reason", reason)
        .register(registry)
        .increment(count);
  }

  /** Looked up in the cache. */
  public void lookedUp(int hits, int misses) {
    registry.counter(PREFIX + "cache.hits").increment(hits);
    registry.counter(PREFIX + "cache.misses").increment(misses);
  }

  /** Dropped from the cache to make room. */
  public void evicted() {
    registry.counter(PREFIX + "cache.evictions").increment();
  }

  /** A value that is read whenever the metrics are. */
  public void gauge(String name, DoubleSupplier value) {
    Gauge.builder(PREFIX + name, value::getAsDouble).strongReference(true).register(registry);
  }

  /** A value of a model that is read whenever the metrics are. */
  public void gauge(String name, String model, DoubleSupplier value) {
    Gauge.builder(PREFIX + name, value::getAsDouble)
        .strongReference(true)
        .tag("model", model)
        .register(registry);
  }

  /** Says which weights a model has; the gauge is 1 as long as {@code value} says so. */
  public void model(String model, String checksum, String dataset, DoubleSupplier value) {
    Gauge.builder(PREFIX + "model", value::getAsDouble)
        .strongReference(true)
        .tag("model", model)
        .tag("checksum", checksum)
        .tag("dataset", dataset)
        .register(registry);
  }

  private Timer timer(String name, String model) {
    return Timer.builder(PREFIX + name)
        .tag("model", model)
        .serviceLevelObjectives(TIMES)
        .register(registry);
  }
}
