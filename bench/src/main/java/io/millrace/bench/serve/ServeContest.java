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
 * @param loads as multiples of the capacity
 * @param seconds of each load
 */
record ServeContest(GraphDataset data, Path model, double[] loads, double seconds, long seed) {
  private static final String NAME = "model";
  private static final int CLIENTS = 64;
  private static final double WARM_SECONDS = 2;

  /** What a variant did under one load. */
  record Outcome(String variant, double load, LoadResult result) {}

  /** Requests per second that the first variant answers if nobody minds waiting. */
  double capacity(ServeVariant variant) {
    try (PredictionServer server = server(variant)) {
      URI address = server.start(ServerOptions.defaults());
      try (LoadGenerator generator =
          new LoadGenerator(address, NAME, numNodes(), 0, OptionalLong.of(60_000))) {
        generator.closed(CLIENTS, WARM_SECONDS, seed);
        return generator.closed(CLIENTS, seconds, seed + 1);
      }
    }
  }

  List<Outcome> measure(ServeVariant variant, double capacity) {
    List<Outcome> outcomes = new ArrayList<>();
    try (PredictionServer server = server(variant)) {
      URI address = server.start(ServerOptions.defaults());
      try (LoadGenerator generator =
          new LoadGenerator(address, NAME, numNodes(), variant.zipf(), variant.timeoutMillis())) {
        long slo = variant.settings().sloNanos();
        generator.open(capacity / 2, WARM_SECONDS, slo, seed);
        for (double load : loads) {
          outcomes.add(
              new Outcome(
                  variant.name(), load, generator.open(load * capacity, seconds, slo, seed + 2)));
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
