package io.millrace.bench.explore;

import io.millrace.bench.variant.BatchDigest;
import io.millrace.bench.variant.BatchSampler;
import io.millrace.sampler.draw.BatchRandom;
import it.unimi.dsi.fastutil.ints.Int2IntMap;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.List;

/**
 * The sampler as one would first write it with fastutil: node at a time, with a new map and new
 * lists for every batch, as PyG, DGL and SALIENT make theirs.
 */
final class NaiveSampler implements BatchSampler {
  private final Rows rows;
  private final int[] fanout;

  private IntArrayList nodes = new IntArrayList();
  private Int2IntMap localIds = new Int2IntOpenHashMap();
  private List<Hop> hops = List.of();

  /** A layer's CSR. */
  private record Hop(IntArrayList indptr, IntArrayList indices) {}

  NaiveSampler(Rows rows, int[] fanout) {
    this.rows = rows;
    this.fanout = fanout;
  }

  @Override
  public void sample(int[] seeds, long batchSeed) {
    nodes = new IntArrayList();
    localIds = new Int2IntOpenHashMap();
    hops = new ArrayList<>();
    for (int seed : seeds) {
      localId(seed);
    }
    for (int hop = 1; hop <= fanout.length; hop++) {
      hops.add(sampleHop(fanout[hop - 1], BatchRandom.key(batchSeed, hop)));
    }
  }

  private Hop sampleHop(int fanout, long hopKey) {
    Hop hop = new Hop(IntArrayList.of(0), new IntArrayList());
    int numDst = nodes.size();
    for (int i = 0; i < numDst; i++) {
      int node = nodes.getInt(i);
      long rowStart = rows.rowStart(node);
      int degree = (int) (rows.rowStart(node + 1) - rowStart);
      for (int position : draw(BatchRandom.key(hopKey, node), degree, fanout)) {
        hop.indices.add(localId(rows.neighbor(rowStart + position)));
      }
      hop.indptr.add(hop.indices.size());
    }
    return hop;
  }

  /** Floyd's method. */
  private static int[] draw(long key, int degree, int fanout) {
    int count = TemplateSampler.count(degree, fanout);
    int[] drawn = new int[count];
    for (int i = 0; i < count; i++) {
      int last = degree - count + i;
      int candidate = count == degree ? i : BatchRandom.bounded(key, i, last + 1);
      drawn[i] = count < degree && contains(drawn, i, candidate) ? last : candidate;
    }
    return drawn;
  }

  private static boolean contains(int[] drawn, int count, int candidate) {
    for (int i = 0; i < count; i++) {
      if (drawn[i] == candidate) {
        return true;
      }
    }
    return false;
  }

  private int localId(int globalId) {
    return localIds.computeIfAbsent(
        globalId,
        _ -> {
          nodes.add(globalId);
          return nodes.size() - 1;
        });
  }

  @Override
  public int numNodes() {
    return nodes.size();
  }

  @Override
  public long numEdges() {
    return hops.stream().mapToLong(hop -> hop.indices.size()).sum();
  }

  @Override
  public long digest() {
    BatchDigest digest = new BatchDigest().add(nodes.size()).add(nodes.elements(), nodes.size());
    for (Hop hop : hops) {
      int numDst = hop.indptr.size() - 1;
      digest.add(numDst).add(hop.indptr.elements(), numDst + 1);
      digest.add(hop.indices.elements(), hop.indices.size());
    }
    return digest.value();
  }
}
