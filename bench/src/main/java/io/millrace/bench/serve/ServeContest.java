package io.millrace.bench.serve;

import io.millrace.datasets.GraphDataset;
import io.millrace.serving.PredictionServer;
import io.millrace.serving.ServerOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Serves a model in each variant and sends loads to it, from below to above what it can do. Server
 * and generator share the machine. One thread.
 *
 * @param perRequest nodes that a request asks for
 * @param loads as multiples of the capacity
 * @param warmSeconds of a load before, in which the JVM compiles
 * @param seconds of each load
 */
record ServeContest(
    GraphDataset data,
    Path model,
    int perRequest,
    double[] loads,
    double warmSeconds,
    double seconds,
    long seed) {
  private static final String NAME = "model";
  private static final int CLIENTS = 64;

  /**
   * What a variant did under one load.
   *
   * @param nodesPerBatch on average
   * @param batchMillis that computing a batch took on average
   */
  record Outcome(
      String variant, double load, LoadResult result, double nodesPerBatch, double batchMillis) {}

  /** Counters of a server. */
  private record Batches(double count, double nodes, double seconds) {
    static Batches of(LoadGenerator generator) {
      return new Batches(
          generator.metric("millrace_batch_seeds_count"),
          generator.metric("millrace_batch_seeds_sum"),
          generator.metric("millrace_compute_seconds_sum"));
    }
  }

  /** Requests per second that the first variant answers if nobody minds waiting. */
  double capacity(ServeVariant variant) {
    try (PredictionServer server = server(variant)) {
      URI address = server.start(ServerOptions.defaults());
      try (LoadGenerator generator =
          new LoadGenerator(address, NAME, numNodes(), perRequest, 0, OptionalLong.of(60_000))) {
        generator.closed(CLIENTS, warmSeconds, seed);
        return generator.closed(CLIENTS, seconds, seed + 1);
      }
    }
  }

  List<Outcome> measure(ServeVariant variant, double capacity) {
    List<Outcome> outcomes = new ArrayList<>();
    try (PredictionServer server = server(variant)) {
      URI address = server.start(ServerOptions.defaults());
      try (LoadGenerator generator =
          new LoadGenerator(
              address, NAME, numNodes(), perRequest, variant.zipf(), variant.timeoutMillis())) {
        long slo = variant.settings().sloNanos();
        generator.open(capacity / 2, warmSeconds, slo, seed);
        for (double load : loads) {
          Batches before = Batches.of(generator);
          LoadResult result = generator.open(load * capacity, seconds, slo, seed + 2);
          Batches after = Batches.of(generator);
          double count = after.count() - before.count();
          outcomes.add(
              new Outcome(
                  variant.name(),
                  load,
                  result,
                  (after.nodes() - before.nodes()) / count,
                  (after.seconds() - before.seconds()) / count * 1000));
        }
      }
    }
    return outcomes;
  }

  private int numNodes() {
    return data.graph().numNodes();
  }

  private PredictionServer server(ServeVariant variant) {
    PredictionServer server = PredictionServer.of(data, variant.settings(), variant.cacheBytes());
    server.add(NAME, model, Optional.empty());
    return server;
  }
}
