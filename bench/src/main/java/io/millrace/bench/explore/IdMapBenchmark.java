package io.millrace.bench.explore;

import io.millrace.bench.variant.SamplerVariant;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds to find or give one local id, in a batch of 2^18 neighbours out of 2^21 nodes: id by
 * id, or a chunk at a time.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class IdMapBenchmark {
  private static final int NUM_NODES = 1 << 21;
  private static final int NUM_IDS = 1 << 18;
  private static final int CHUNK = 1 << 12;

  @Param public SamplerVariant.IdMap map;

  /** Small ids more often: with 2 each one in two ids is new, with 4 one in eight. */
  @Param({"2", "4"})
  public int skew;

  private final int[] localIds = new int[CHUNK];
  private int[][] chunks;
  private LocalIds ids;

  @Setup
  public void setUp() {
    ids = Forms.localIds(map, NUM_NODES);
    SplittableRandom random = new SplittableRandom(1);
    chunks = new int[NUM_IDS / CHUNK][CHUNK];
    for (int[] chunk : chunks) {
      Arrays.setAll(chunk, _ -> scattered((int) (NUM_NODES * Math.pow(random.nextDouble(), skew))));
    }
  }

  /** A permutation of the nodes, so that frequent ids are not neighbours in memory. */
  private static int scattered(int id) {
    return id * 0x9E3779B1 & NUM_NODES - 1;
  }

  @Benchmark
  @OperationsPerInvocation(NUM_IDS)
  public int idById() {
    ids.clear();
    for (int[] chunk : chunks) {
      for (int i = 0; i < CHUNK; i++) {
        localIds[i] = ids.localId(chunk[i]);
      }
    }
    return ids.size();
  }

  @Benchmark
  @OperationsPerInvocation(NUM_IDS)
  public int byChunk() {
    ids.clear();
    for (int[] chunk : chunks) {
      ids.assign(chunk, CHUNK, localIds, 0);
    }
    return ids.size();
  }
}
