package io.millrace.bench.sampler;

import io.millrace.bench.harness.Median;
import io.millrace.bench.variant.BatchDigest;
import io.millrace.bench.variant.BatchSampler;
import java.util.ArrayList;
import java.util.List;

/** What one sampler did: time per round, and what its batches held. Used by one thread. */
final class Measurement {
  private record Batch(int number, long digest) {}

  private final String name;
  private final List<long[]> rounds = new ArrayList<>(); // {nanoseconds, edges}
  private final List<Batch> batches = new ArrayList<>();
  private long numEdges;
  private long numNodes;
  private final List<Long> allocatedBytes = new ArrayList<>();

  Measurement(String name) {
    this.name = name;
  }

  void beginRound() {
    rounds.add(new long[2]);
  }

  /** Adds the batch that a sampler holds. */
  void add(BatchSampler sampler, int batch, long nanos, long bytes) {
    rounds.getLast()[0] += nanos;
    rounds.getLast()[1] += sampler.numEdges();
    batches.add(new Batch(batch, sampler.digest()));
    numEdges += sampler.numEdges();
    numNodes += sampler.numNodes();
    allocatedBytes.add(bytes);
  }

  /** Refuses other batches than those of {@code reference}. */
  void requireSameBatches(Measurement reference) {
    for (int i = 0; i < batches.size(); i++) {
      Batch own = batches.get(i);
      Batch other = reference.batches.get(i);
      if (!own.equals(other)) {
        throw new IllegalStateException(
            "samplers disagree: %s=%s, %s=%s".formatted(reference.name, other, name, own));
      }
    }
  }

  String name() {
    return name;
  }

  /** Nanoseconds per edge on one thread: the median of the rounds. */
  double nanosPerEdge() {
    return Median.of(nanosPerEdgeByRound());
  }

  double[] nanosPerEdgeByRound() {
    return rounds.stream().mapToDouble(round -> (double) round[0] / round[1]).toArray();
  }

  double edgesPerBatch() {
    return (double) numEdges / batches.size();
  }

  double nodesPerBatch() {
    return (double) numNodes / batches.size();
  }

  /** The median: that the scratch grows now and then is not what a batch costs. */
  double bytesPerBatch() {
    return Median.of(allocatedBytes.stream().mapToDouble(Long::doubleValue).toArray());
  }

  int numBatches() {
    return batches.size();
  }

  /** The digest of a batch, by its place in the order in which they were sampled. */
  long digest(int index) {
    return batches.get(index).digest();
  }

  /** One digest of all batches. */
  long digest() {
    BatchDigest digest = new BatchDigest();
    for (Batch batch : batches) {
      digest.add((int) batch.digest()).add((int) (batch.digest() >>> 32));
    }
    return digest.value();
  }
}
