package io.millrace.training.inference.chunks;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.CsrGraph;
import io.millrace.sampler.BatchPlan;
import io.millrace.sampler.draw.BatchRandom;
import io.millrace.sampler.draw.ExcludedRanks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The nodes of some ranges, in order, divided into chunks. The cut is a function of (graph, nodes,
 * ranges, size of a chunk), so every process that computes a range computes the same chunks.
 *
 * <p>A pipeline prepares the batch of a chunk {@code repeats} times, each with its own random seed.
 * A node whose row alone is larger than a chunk is a chunk by itself and has no batch; {@link
 * HighDegreeRow} computes it. Immutable; all threads may share it.
 */
@Internal
public final class ChunkPlan implements BatchPlan {
  /**
   * Consecutive nodes of one range.
   *
   * @param begin the first node
   * @param end one past the last node
   * @param numNodes nodes of the set between them
   * @param numEdges number of edges of these nodes
   * @param isLong whether it is one node whose row has to be split
   */
  public record Chunk(int range, int begin, int end, int numNodes, long numEdges, boolean isLong) {}

  /** Whether a chunk may have this many nodes and edges. */
  @FunctionalInterface
  public interface Limit {
    boolean fits(int numNodes, long numEdges);
  }

  private final NodeSet nodes;
  private final int repeats;
  private final long runSeed;
  private final List<Chunk> chunks = new ArrayList<>();
  private final List<Chunk> batches = new ArrayList<>();

  /**
   * @throws BadInputException if there are more than 2^31 - 1 batches
   */
  public ChunkPlan(
      CsrGraph graph,
      NodeSet nodes,
      NodeRanges ranges,
      List<Integer> chosen,
      Limit limit,
      int repeats,
      long runSeed) {
    this.nodes = nodes;
    this.repeats = repeats;
    this.runSeed = runSeed;
    for (int range : chosen) {
      cut(graph, range, ranges.begin(range), ranges.end(range), limit);
    }
    chunks.stream().filter(chunk -> !chunk.isLong).forEach(batches::add);
    if ((long) batches.size() * repeats > Integer.MAX_VALUE) {
      throw BadInputException.of(
          "too many samples, larger batches or fewer repeats are needed",
          "batches",
          batches.size(),
          "repeats",
          repeats);
    }
  }

  private void cut(CsrGraph graph, int range, int rangeBegin, int rangeEnd, Limit limit) {
    int begin = nodes.next(rangeBegin);
    int numNodes = 0;
    long numEdges = 0;
    for (int v = begin; v < rangeEnd; v = nodes.next(v + 1)) {
      int degree = graph.degree(v);
      if (numNodes > 0 && !limit.fits(numNodes + 1, numEdges + degree)) {
        chunks.add(new Chunk(range, begin, v, numNodes, numEdges, false));
        begin = v;
        numNodes = 0;
        numEdges = 0;
      }
      numNodes++;
      numEdges += degree;
      if (numNodes == 1 && !limit.fits(1, degree)) {
        chunks.add(new Chunk(range, v, v + 1, 1, degree, true));
        begin = nodes.next(v + 1);
        numNodes = 0;
        numEdges = 0;
      }
    }
    if (numNodes > 0) {
      chunks.add(new Chunk(range, begin, rangeEnd, numNodes, numEdges, false));
    }
  }

  public List<Chunk> chunks() {
    return chunks;
  }

  /** The chunks that are not long, in order. */
  public List<Chunk> batches() {
    return batches;
  }

  public int[] nodes(Chunk chunk) {
    return nodes.between(chunk.begin, chunk.end);
  }

  /** The number of batches of a chunk that is not long. */
  public int repeats() {
    return repeats;
  }

  @Override
  public int number() {
    return 0;
  }

  @Override
  public int numBatches() {
    return batches.size() * repeats;
  }

  @Override
  public int[] seeds(int batch) {
    return nodes(batches.get(batch / repeats));
  }

  @Override
  public Optional<long[]> times(int batch) {
    return Optional.empty();
  }

  /**
   * The random seed depends on the chunk's first node, which no other chunk has, whatever ranges
   * are chosen.
   */
  @Override
  public long batchSeed(int batch) {
    return BatchRandom.batchSeed(runSeed, batch % repeats, batches.get(batch / repeats).begin);
  }

  @Override
  public void exclude(int batch, ExcludedRanks excluded) {
    excluded.clear();
  }
}
