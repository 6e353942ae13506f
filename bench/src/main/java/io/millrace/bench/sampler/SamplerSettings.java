package io.millrace.bench.sampler;

import io.millrace.Require;
import io.millrace.bench.variant.SamplerFactory;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.draw.Draw;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What is sampled, and how often.
 *
 * @param fanout neighbours per hop
 * @param draw how neighbours are drawn
 * @param timed whether seeds are at a time, those of edges drawn at random
 * @param edgePositions whether batches say where each edge lies
 * @param batchSize seeds per batch
 * @param numBatches batches per round, for each thread
 * @param numRounds rounds that are measured
 * @param seed seed of everything random
 * @param maxThreads threads at most
 */
record SamplerSettings(
    Fanout fanout,
    Draw draw,
    boolean timed,
    boolean edgePositions,
    int batchSize,
    int numBatches,
    int numRounds,
    long seed,
    int maxThreads) {
  SamplerSettings {
    Require.positive("--batch-size", batchSize);
    Require.positive("--batches", numBatches);
    Require.positive("--rounds", numRounds);
    Require.positive("--workers", maxThreads);
  }

  /** Whether only the ids of nodes are drawn, uniformly from whole rows. */
  boolean isUniform() {
    return equals(drawingUniformly());
  }

  /** The same with uniform draws from whole rows, and nothing but the ids of nodes. */
  SamplerSettings drawingUniformly() {
    return new SamplerSettings(
        fanout, Draw.uniform(), false, false, batchSize, numBatches, numRounds, seed, maxThreads);
  }

  /** The form that {@link SamplerFactory} takes. */
  int[] fanoutPerHop() {
    return IntStream.rangeClosed(1, fanout.numHops()).map(fanout::at).toArray();
  }

  Map<String, Object> toMap() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("fanout", fanout.toString());
    settings.put("draw", draw.toString());
    settings.put("timed", timed);
    settings.put("edge_positions", edgePositions);
    settings.put("batch_size", batchSize);
    settings.put("batches", numBatches);
    settings.put("rounds", numRounds);
    settings.put("seed", seed);
    settings.put("workers", maxThreads);
    return settings;
  }
}
