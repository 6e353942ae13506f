package io.millrace.training.inference.chunks;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.Internal;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.training.nn.MfgTensors;
import io.millrace.training.torch.LibTorch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Computes a layer for consecutive nodes from the input rows where they lie, in memory or in mapped
 * files, over the graph's own array of neighbours. Nothing is sampled and no row is gathered, so
 * chunks are small: what a layer computes stays in the processor's cache, and its memory is used
 * again. A node's row has the same bits as from a batch.
 *
 * <p>Any number of threads may compute at the same time, if the network's parameters are {@link
 * io.millrace.training.nn.Network#shareParameters shared}. The caller owns dataset and manager.
 *
 * @param layer the layer to compute, which reads its sources in place
 * @param input the graph, with the layer's input rows as features
 * @param neighbors whether the layer reads neighbours
 */
@Internal
public record InPlaceRows(
    HighDegreeRow.Layer layer, NDManager manager, GraphDataset input, boolean neighbors) {
  /** The most nodes of a chunk. More are slower, because their rows leave the cache. */
  public static final int MAX_NODES = 1 << 12;

  /**
   * Whether rows and graph lie where libtorch can read them: not on the heap, not on a GPU, not as
   * float16, and in memory that holds them.
   *
   * @param residentBytes bytes of mapped files that may be resident
   */
  public static boolean isPossible(GraphDataset input, NDManager manager, long residentBytes) {
    FeatureMatrix rows = input.features();
    return manager.getDevice().equals(Device.cpu())
        && rows.type() == FeatureType.FLOAT32
        && rows.file().isEmpty()
        && rows.rows().isNative()
        && input.graph().indices().isNative()
        && rows.rows().byteSize() <= residentBytes;
  }

  /**
   * @param begin the first node
   * @param end one past the last node, at least {@code begin + 1}
   * @return float32 {@code [end - begin x out]}, which the caller closes
   */
  public NDArray compute(int begin, int end) {
    FeatureMatrix rows = input.features();
    Shape shape = new Shape(rows.numNodes(), rows.dim());
    try (Arena arena = Arena.ofConfined();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray state = LibTorch.tensor(manager, Device.cpu(), rows.rows(), DataType.FLOAT32, shape);
      NDArray out =
          neighbors
              ? layer.rows(state, edges(begin, end, arena))
              : layer.rows(state.get(new NDIndex().addSliceDim(begin, end)), MfgTensors.NONE);
      NDScope.unregister(out);
      return out;
    }
  }

  private MfgTensors edges(int begin, int end, Arena arena) {
    CsrGraph graph = input.graph();
    long first = graph.rowStart(begin);
    int[] bounds = new int[end - begin + 1];
    for (int i = 1; i < bounds.length; i++) {
      bounds[i] = Math.toIntExact(graph.rowStart(begin + i) - first);
    }
    long bytes = (long) bounds[end - begin] * Integer.BYTES;
    MemorySegment neighborIds = graph.indices().asSlice(first * Integer.BYTES, bytes);
    return MfgTensors.trusted(ints(neighborIds), ints(arena.allocateFrom(JAVA_INT, bounds)))
        .destinationsFrom(begin);
  }

  private NDArray ints(MemorySegment values) {
    Shape shape = new Shape(values.byteSize() / Integer.BYTES);
    return LibTorch.tensor(manager, Device.cpu(), values, DataType.INT32, shape);
  }
}
