package io.millrace.bench.sampler;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.bench.harness.Rounds;
import io.millrace.bench.harness.ThreadTeam;
import io.millrace.bench.variant.BatchSampler;
import io.millrace.bench.variant.GraphCopies;
import io.millrace.bench.variant.IsolatedLoader;
import io.millrace.bench.variant.SamplerFactory;
import io.millrace.bench.variant.SamplerVariant;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.IdMapKind;
import io.millrace.sampler.NeighborSampler;
import io.millrace.sampler.SampledBatch;
import io.millrace.sampler.SamplerBuilder;
import io.millrace.sampler.draw.Draw;
import io.millrace.sampler.draw.EdgeTimes;
import io.millrace.sampler.draw.EdgeWeights;
import io.millrace.sampler.draw.TimeRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures the product on 1, 2, 4, ... threads, next to a baseline in the same rounds: {@code bench
 * sampler} and {@code bench sampler --slice}.
 *
 * <p>Each thread has its own sampler and its own batches, so with twice the threads there is twice
 * the work. A round is timed from the common beginning to the end of the slowest thread. The next
 * class to read is {@link ThreadTeam}.
 */
public final class Throughput implements AutoCloseable {
  private static final long WARM_UP_NANOS =
      1_000_000 * Long.getLong("millrace.bench.warmUpMillis", 1000);

  private final SamplerSettings settings;
  private final SeedBatches batches;
  private final List<NeighborSampler> samplers; // the product's, by thread
  private final Optional<EdgeWeights> weights;
  private final Optional<EdgeTimes> times;
  private final Progress progress;

  /** What comes before each measurement. */
  private final Runnable before;

  /** By name of the contender: a work for each thread. */
  private final Map<String, List<Work>> contenders = new LinkedHashMap<>();

  private Throughput(
      GraphDataset data,
      Runnable before,
      SamplerSettings settings,
      IdMapKind map,
      Progress progress) {
    this.before = before;
    this.settings = settings;
    this.progress = progress;
    batches = SeedBatches.of(data, settings.batchSize(), settings.seed());
    weights = settings.draw().needsWeights() ? Optional.of(EdgeWeights.of(data)) : Optional.empty();
    times = settings.timed() ? Optional.of(EdgeTimes.of(data)) : Optional.empty();
    samplers =
        Stream.generate(() -> sampler(data.graph(), weights, times, settings, map))
            .limit(settings.maxThreads())
            .toList();
  }

  /** The product's sampler next to the naive one. */
  static ThroughputResult sampling(
      GraphDataset data,
      Runnable before,
      SamplerSettings settings,
      IdMapKind map,
      Progress progress) {
    try (Throughput throughput = new Throughput(data, before, settings, map, progress)) {
      throughput.add("millrace", thread -> throughput.productWork(thread));
      throughput.times.ifPresent(
          times ->
              throughput.add(
                  "naive: a mask over the row",
                  _ -> new MaskWork(times, settings.fanout(), settings.draw().needsTimes())));
      throughput
          .weights
          .filter(_ -> !settings.timed())
          .ifPresent(
              weights ->
                  throughput.add(
                      "naive: running sums of the row",
                      _ ->
                          new CdfWork(
                              data.graph(),
                              weights,
                              settings.fanout(),
                              settings.draw() instanceof Draw.WeightedWithReplacement)));
      if (!settings.isUniform()) {
        SamplerSettings uniform = settings.drawingUniformly();
        throughput.add(
            "millrace: uniform draws",
            _ -> work(sampler(data.graph(), Optional.empty(), Optional.empty(), uniform, map)));
      }
      SamplerFactory naive = IsolatedLoader.newFactory();
      GraphCopies graph = GraphCopies.mapped(data.graph());
      throughput.add(
          SamplerVariant.NAIVE.name(),
          _ -> work(naive.create(SamplerVariant.NAIVE, graph, settings.fanoutPerHop())));
      return throughput.measure();
    }
  }

  /** Sampling and slicing into a reused slot, next to a fresh slot per batch. */
  static ThroughputResult slicing(
      GraphDataset data,
      Runnable before,
      SamplerSettings settings,
      IdMapKind map,
      Progress progress) {
    if (!data.hasFeatures()) {
      throw BadInputException.of(
          "--slice needs features, for instance: millrace generate rmat --features 100"
              + " --feature-type float16 --undirected --out DIR",
          "dataset",
          data.name());
    }
    try (Throughput throughput = new Throughput(data, before, settings, map, progress)) {
      List<NeighborSampler> samplers = throughput.samplers; // of both: they take turns
      throughput.add(
          "millrace: a reused slot", thread -> new SlicingWork(data, samplers.get(thread), true));
      throughput.add(
          "naive: a fresh slot per batch",
          thread -> new SlicingWork(data, samplers.get(thread), false));
      return throughput.measure();
    }
  }

  /** As a worker of training has it, where there are as many of them as threads here. */
  static NeighborSampler sampler(
      CsrGraph graph,
      Optional<EdgeWeights> weights,
      Optional<EdgeTimes> times,
      SamplerSettings settings,
      IdMapKind map) {
    SamplerBuilder builder =
        NeighborSampler.builder(graph, settings.fanout())
            .draw(settings.draw())
            .edgePositions(settings.edgePositions())
            .idMap(map)
            .samplers(settings.maxThreads());
    weights.ifPresent(builder::weights);
    times.ifPresent(it -> builder.times(it, TimeRule.before()));
    return builder.build();
  }

  private Work productWork(int thread) {
    NeighborSampler sampler = samplers.get(thread);
    if (times.isEmpty()) {
      return work(sampler);
    }
    return (seeds, batchSeed) -> {
      long[] seedTimes = MaskWork.seedTimes(times.get(), seeds.length, batchSeed);
      SampledBatch batch = sampler.sample(seeds, seedTimes, settings.fanout(), batchSeed);
      return new Work.Done(batch.numNodes(), batch.numEdges(), 0);
    };
  }

  private static Work work(NeighborSampler sampler) {
    return (seeds, batchSeed) -> {
      SampledBatch batch = sampler.sample(seeds, batchSeed);
      return new Work.Done(batch.numNodes(), batch.numEdges(), 0);
    };
  }

  private static Work work(BatchSampler sampler) {
    return (seeds, batchSeed) -> {
      sampler.sample(seeds, batchSeed);
      return new Work.Done(sampler.numNodes(), sampler.numEdges(), 0);
    };
  }

  private void add(String name, IntFunction<Work> workOfThread) {
    contenders.put(name, IntStream.range(0, settings.maxThreads()).mapToObj(workOfThread).toList());
  }

  private record Turn(String name, int numThreads) {}

  private ThroughputResult measure() {
    ThroughputResult result =
        new ThroughputResult(SamplerVariant.IdMap.of(samplers.getFirst().idMap()));
    warmUp();
    List<Turn> turns =
        threadCounts(settings.maxThreads()).stream()
            .flatMap(threads -> contenders.keySet().stream().map(name -> new Turn(name, threads)))
            .toList();
    Rounds.run(
        "measure",
        settings.numRounds(),
        turns,
        progress,
        (turn, round) ->
            result.add(
                turn.name,
                turn.numThreads,
                run(contenders.get(turn.name), turn.numThreads, round, before)));
    return result;
  }

  /**
   * On all threads, so that all samplers grow; at least once, and for a second. The batches are not
   * those of a round, whose rows and edges would then be in the page cache.
   */
  private void warmUp() {
    long start = System.nanoTime();
    int done = 0;
    do {
      for (List<Work> works : contenders.values()) {
        progress.update("warm up", done++, -1);
        run(works, settings.maxThreads(), settings.numRounds(), () -> {});
      }
    } while (System.nanoTime() - start < WARM_UP_NANOS);
  }

  /** One run: how long it took, and what was done. */
  record Sample(long nanos, int numBatches, Work.Done done) {}

  private Sample run(List<Work> works, int numThreads, int round, Runnable preparation) {
    int perThread = settings.numBatches();
    int begin = round * perThread * numThreads;
    int[][] seeds = new int[perThread * numThreads][];
    for (int i = 0; i < seeds.length; i++) {
      seeds[i] = batches.seeds(begin + i);
    }
    preparation.run(); // choosing the seeds has read their row bounds
    Work.Done[] done = new Work.Done[numThreads];
    long nanos =
        ThreadTeam.run(
            numThreads,
            thread -> {
              Work.Done sum = Work.Done.NOTHING;
              for (int i = thread; i < seeds.length; i += numThreads) {
                sum = sum.plus(works.get(thread).run(seeds[i], batches.batchSeed(begin + i)));
              }
              done[thread] = sum;
            });
    return new Sample(
        nanos, seeds.length, Stream.of(done).reduce(Work.Done.NOTHING, Work.Done::plus));
  }

  /** 1, 2, 4, ... and {@code max}. */
  public static List<Integer> threadCounts(int max) {
    List<Integer> counts = new ArrayList<>();
    for (int count = 1; count < max; count *= 2) {
      counts.add(count);
    }
    counts.add(max);
    return counts;
  }

  @Override
  public void close() {
    contenders.values().forEach(works -> works.forEach(Work::close));
  }
}
