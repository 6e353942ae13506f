package io.millrace.cli.data;

import io.millrace.datasets.npy.NpyType;
import io.millrace.datasets.npy.NpzMember;
import io.millrace.sampler.MfgLayer;
import io.millrace.sampler.SampledBatch;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The arrays of a sampled batch, to be written into an npz file: {@code b0_nodes}, {@code b0_seeds}
 * and, for each layer, {@code b0_l0_indptr}, {@code b0_l0_indices} and what it has besides.
 * Stateless.
 */
final class BatchArrays {
  private BatchArrays() {}

  /**
   * @param number of the batch, in the names
   * @param batch must be unchanged until the arrays are written
   */
  static List<NpzMember> of(int number, SampledBatch batch) {
    List<NpzMember> arrays = new ArrayList<>();
    String prefix = "b" + number + "_";
    arrays.add(ints(prefix + "nodes", batch.nodes(), batch.numNodes()));
    arrays.add(ints(prefix + "seeds", batch.seedLocalIds(), batch.seedLocalIds().length));
    if (batch.hasTimes()) {
      MemorySegment times = MemorySegment.ofArray(batch.times());
      arrays.add(array(prefix + "times", NpyType.INT64, times, batch.numNodes()));
    }
    for (int l = 0; l < batch.numLayers(); l++) {
      add(prefix + "l" + l + "_", batch.layer(l), arrays);
    }
    return arrays;
  }

  private static void add(String prefix, MfgLayer layer, List<NpzMember> arrays) {
    int numEdges = layer.numEdges();
    arrays.add(ints(prefix + "indptr", layer.indptr(), layer.numDst() + 1));
    arrays.add(ints(prefix + "indices", layer.indices(), numEdges));
    if (layer.hasPositions()) {
      MemorySegment positions = MemorySegment.ofArray(layer.positions());
      arrays.add(array(prefix + "positions", NpyType.INT64, positions, numEdges));
    }
    if (layer.hasScale()) {
      MemorySegment scale = MemorySegment.ofArray(layer.scale());
      arrays.add(array(prefix + "scale", NpyType.FLOAT32, scale, numEdges));
    }
  }

  private static NpzMember ints(String name, int[] values, int count) {
    return array(name, NpyType.INT32, MemorySegment.ofArray(values), count);
  }

  private static NpzMember array(String name, NpyType type, MemorySegment values, int count) {
    MemorySegment used = values.asSlice(0, (long) count * type.bytes());
    return new NpzMember(name, type, List.of((long) count), NpzMember.of(used));
  }
}
