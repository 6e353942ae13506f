package io.millrace.datasets.generator;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.SplitMix64;
import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.csr.EdgeBlock;
import io.millrace.datasets.csr.EdgeList;
import io.millrace.datasets.csr.EdgeSource;
import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Draws edges from a model, on all threads that call {@link #next}. Edges come in chunks, each with
 * a random generator of its own, so that they depend neither on the blocks nor on the threads; a
 * block that is smaller than a chunk gets a part of it, and the next block continues there.
 */
final class GeneratedEdges implements EdgeSource {
  private static final int EDGES_PER_CHUNK = 1 << 20;
  private static final double WEIGHT_SPREAD = 0.5;
  private static final double WEIGHT_OF_OTHERS = 0.1;
  private static final double FEATURE_NOISE = 0.3;

  private final RandomGraphModel model;
  private final EdgeColumns columns;
  private final long seed;
  private final long numEdges;
  private final long numTimes;
  private final long numChunks;
  private final AtomicLong nextChunk = new AtomicLong();
  private final Queue<Chunk> begun = new ConcurrentLinkedQueue<>();

  GeneratedEdges(RandomGraphModel model, GeneratorOptions options) {
    this.model = model;
    this.columns = options.edgeColumns();
    this.seed = options.seed();
    this.numEdges = options.numEdges();
    this.numTimes = options.numTimes();
    this.numChunks = Math.ceilDiv(numEdges, (long) EDGES_PER_CHUNK);
  }

  @Override
  public long next(EdgeBlock block) {
    Chunk chunk = begun.poll();
    if (chunk == null) {
      long number = nextChunk.getAndIncrement();
      if (number >= numChunks) {
        return END;
      }
      chunk = new Chunk(number, RandomStream.EDGES.chunk(seed, number), 0);
    }
    long start = chunk.number * EDGES_PER_CHUNK + chunk.drawn;
    long left = Math.min(EDGES_PER_CHUNK - chunk.drawn, numEdges - start);
    int count = (int) Math.min(block.capacity(), left);
    MemorySegment edges = block.append(count);
    model.drawEdges(chunk.random, edges);
    if (columns.times()) {
      addTimes(block, start, count);
    }
    if (columns.weights() || columns.featureDim() > 0) {
      for (int i = 0; i < count; i++) {
        drawAttributes(start + i, edges.getAtIndex(JAVA_LONG, i), block, i);
      }
    }
    if (count < left) {
      begun.add(new Chunk(chunk.number, chunk.random, chunk.drawn + count));
    }
    return start;
  }

  /** Each follows from the seed and the edge's position. */
  private void addTimes(EdgeBlock block, long start, int count) {
    long key = SplitMix64.first(seed);
    for (int i = 0; i < count; i++) {
      long bits = SplitMix64.mix(key + (start + i + 1) * SplitMix64.GOLDEN);
      block.time(i, Math.unsignedMultiplyHigh(bits, numTimes));
    }
  }

  /** Each edge has a generator of its own. */
  private void drawAttributes(long number, long edge, EdgeBlock block, int i) {
    SplittableRandom random = RandomStream.EDGE_ATTRIBUTES.chunk(seed, number);
    boolean within = model.isWithin(EdgeList.src(edge), EdgeList.dst(edge));
    if (columns.weights()) {
      double weight = StrictMath.exp(WEIGHT_SPREAD * random.nextGaussian());
      block.weight(i, (float) (within ? weight : weight * WEIGHT_OF_OTHERS));
    }
    for (int column = 0; column < columns.featureDim(); column++) {
      double noise = random.nextGaussian();
      double value = column > 0 ? noise : (within ? 1 : -1) + FEATURE_NOISE * noise;
      block.feature(i, column, (float) value);
    }
  }

  @Override
  public EdgeColumns columns() {
    return columns;
  }

  @Override
  public long numEdges() {
    return numEdges;
  }

  @Override
  public String stage() {
    return "draw edges";
  }

  /**
   * A chunk that has been drawn in part.
   *
   * @param drawn the number of edges drawn so far
   */
  private record Chunk(long number, SplittableRandom random, int drawn) {}
}
