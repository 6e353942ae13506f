package io.millrace.bench.serve;

import io.millrace.datasets.GraphDataset;
import io.millrace.serving.PredictionServer;
import io.millrace.serving.ServerOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Serves a model in each variant and sends loads to them, from below to above what they can do. All
 * servers are there from the beginning, and get each load in turns, several rounds, so that the JVM
 * is equally warm for all, and other work on the machine meets all. Servers and generator share the
 * machine. One thread; owns the servers until {@link #close}.
 */
final class ServeContest implements AutoCloseable {
  private static final String NAME = "model";
  private static final int CLIENTS = 64;

  /**
   * How to measure.
   *
   * @param perRequest nodes that a request asks for
   * @param loads as multiples of the capacity
   * @param warmSeconds of a load for each server before, in which the JVM compiles
   * @param seconds of each load in each round
   * @param rounds in which the variants take turns
   */
  record Plan(
      int perRequest, double[] loads, double warmSeconds, double seconds, int rounds, long seed) {}

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
    static final Batches NONE = new Batches(0, 0, 0);

    static Batches of(LoadGenerator generator) {
      return new Batches(
          generator.metric("millrace_batch_seeds_count"),
          generator.metric("millrace_batch_seeds_sum"),
          generator.metric("millrace_compute_seconds_sum"));
    }

    Batches plus(Batches before, Batches after) {
      return new Batches(
          count + after.count - before.count,
          nodes + after.nodes - before.nodes,
          seconds + after.seconds - before.seconds);
    }
  }

  /**
   * A variant that is served.
   *
   * @param server absent if it is another process
   */
  private record Served(
      ServeVariant variant,
      Optional<PredictionServer> server,
      LoadGenerator loads,
      LoadGenerator patient)
      implements AutoCloseable {
    @Override
    public void close() {
      loads.close();
      patient.close();
      server.ifPresent(PredictionServer::close);
    }
  }

  private final Plan plan;
  private final List<Served> all = new ArrayList<>();

  private ServeContest(Plan plan) {
    this.plan = plan;
  }

  /** Starts a server for each variant. */
  static ServeContest start(GraphDataset data, Path model, List<ServeVariant> variants, Plan plan) {
    ServeContest contest = new ServeContest(plan);
    try {
      for (ServeVariant variant : variants) {
        PredictionServer server =
            PredictionServer.of(data, variant.settings(), variant.cacheBytes());
        server.add(NAME, model, Optional.empty());
        URI address = server.start(ServerOptions.defaults());
        contest.add(variant, Optional.of(server), address, NAME, data.graph().numNodes());
      }
      return contest;
    } catch (Throwable t) {
      contest.close();
      throw t;
    }
  }

  /** A server that is another process on this machine, and stays when the contest ends. */
  static ServeContest of(URI address, String model, int numNodes, ServeVariant variant, Plan plan) {
    ServeContest contest = new ServeContest(plan);
    contest.add(variant, Optional.empty(), address, model, numNodes);
    return contest;
  }

  private void add(
      ServeVariant variant,
      Optional<PredictionServer> server,
      URI address,
      String model,
      int numNodes) {
    OptionalLong patience = OptionalLong.of(60_000);
    int nodes = plan.perRequest();
    all.add(
        new Served(
            variant,
            server,
            new LoadGenerator(
                address, model, numNodes, nodes, variant.zipf(), variant.timeoutMillis()),
            new LoadGenerator(address, model, numNodes, nodes, 0, patience)));
  }

  /**
   * Warms all servers up.
   *
   * @return requests per second that the first variant answers if nobody minds waiting
   */
  double capacity() {
    LoadGenerator first = all.getFirst().patient();
    first.closed(CLIENTS, plan.warmSeconds(), plan.seed());
    double guess = first.closed(CLIENTS, plan.seconds(), plan.seed() + 1);
    for (Served served : all) {
      for (double load : new double[] {0.5, 2}) { // refusals are compiled, too
        LoadResult ignored = new LoadResult(Math.max(1, guess * load), Long.MAX_VALUE);
        served.loads().open(plan.warmSeconds(), ignored, plan.seed());
      }
    }
    return first.closed(CLIENTS, plan.seconds(), plan.seed() + 1);
  }

  List<Outcome> measure(double capacity) {
    List<Outcome> outcomes = new ArrayList<>();
    for (double load : plan.loads()) {
      outcomes.addAll(measure(load, load * capacity));
    }
    outcomes.sort(Comparator.comparingInt(it -> indexOf(it.variant()))); // stable: loads ascend
    return outcomes;
  }

  private int indexOf(String variant) {
    return all.stream().map(it -> it.variant().name()).toList().indexOf(variant);
  }

  private List<Outcome> measure(double load, double perSecond) {
    List<LoadResult> results = new ArrayList<>();
    List<Batches> batches = new ArrayList<>();
    for (Served served : all) {
      results.add(new LoadResult(perSecond, served.variant().settings().sloNanos()));
      batches.add(Batches.NONE);
    }
    for (int round = 0; round < plan.rounds(); round++) {
      for (int turn = 0; turn < all.size(); turn++) {
        int i = round % 2 == 0 ? turn : all.size() - 1 - turn;
        LoadGenerator generator = all.get(i).loads();
        Batches before = Batches.of(generator);
        generator.open(plan.seconds(), results.get(i), plan.seed() + 2 + round);
        batches.set(i, batches.get(i).plus(before, Batches.of(generator)));
      }
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      Batches it = batches.get(i);
      outcomes.add(
          new Outcome(
              all.get(i).variant().name(),
              load,
              results.get(i),
              it.nodes() / it.count(),
              it.seconds() / it.count() * 1000));
    }
    return outcomes;
  }

  @Override
  public void close() {
    all.forEach(Served::close);
  }
}
