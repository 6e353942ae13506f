package io.millrace.bench;

import io.millrace.datasets.CsrGraph;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.IdMapKind;
import io.millrace.sampler.NeighborSampler;

/**
 * Finds out which id map {@link IdMapKind#AUTO} takes for a graph. The sampler does not tell, but
 * the maps differ in size.
 */
final class DefaultIdMap {
  private DefaultIdMap() {}

  static Form.IdMap of(CsrGraph graph) {
    long bytes = newSamplerBytes(graph, IdMapKind.AUTO);
    long toHash = Math.abs(bytes - newSamplerBytes(graph, IdMapKind.FLAT_HASH));
    long toDirect = Math.abs(bytes - newSamplerBytes(graph, IdMapKind.DIRECT_ADDRESS));
    return toDirect < toHash ? Form.IdMap.DIRECT_ADDRESS : Form.IdMap.FLAT_HASH;
  }

  /** What a new sampler allocates; the first one's classes are not counted. */
  private static long newSamplerBytes(CsrGraph graph, IdMapKind kind) {
    long bytes = 0;
    for (int i = 0; i < 2; i++) {
      long before = Allocation.bytes();
      NeighborSampler.builder(graph, Fanout.of(1)).idMap(kind).build();
      bytes = Allocation.bytes() - before;
    }
    return bytes;
  }
}
