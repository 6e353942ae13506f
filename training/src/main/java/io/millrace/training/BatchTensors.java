package io.millrace.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.NodeLabels;
import io.millrace.slicing.BatchLayer;
import io.millrace.transfer.DeviceBatch;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A batch as a model takes it: its slot's memory seen as arrays, without a copy.
 *
 * <p>Only float16 features are copied, into float32, for libtorch multiplies float16 on the CPU 20
 * times slower. The arrays belong to the manager, and all that is computed from them, gradients
 * included, must be done before the batch is closed.
 *
 * @param features float32 {@code [numNodes x dim]}
 * @param edges of each layer, from the input to the seeds: as the pipeline made them, not checked
 *     again
 * @param labels int64 {@code [numSeeds]}, or int8 {@code [numSeeds x numClasses]} where a node can
 *     have several; -1 where unknown
 */
record BatchTensors(NDArray features, List<MfgTensors> edges, NDArray labels) {
  /**
   * @param labels of the dataset that the batch is from
   */
  static BatchTensors of(NDManager manager, DeviceBatch batch, NodeLabels labels) {
    DataType stored =
        batch.featureType() == FeatureType.FLOAT32 ? DataType.FLOAT32 : DataType.FLOAT16;
    Shape shape = new Shape(batch.numNodes(), batch.dim());
    NDArray features = LibTorch.tensor(manager, batch.features(), stored, shape);
    List<MfgTensors> edges = new ArrayList<>();
    for (int l = 0; l < batch.numLayers(); l++) {
      BatchLayer layer = batch.layer(l);
      MfgTensors arrays =
          MfgTensors.trusted(
              ints(manager, layer.indices(), layer.numEdges()),
              ints(manager, layer.indptr(), layer.numDst() + 1L));
      edges.add(batch.hasDegrees() ? arrays.withDegrees(degrees(manager, batch, layer)) : arrays);
    }
    return new BatchTensors(
        features.toType(DataType.FLOAT32, false), edges, labels(manager, batch, labels));
  }

  private static NDArray labels(NDManager manager, DeviceBatch batch, NodeLabels labels) {
    long numSeeds = batch.numSeeds();
    return labels.isMultiLabel()
        ? LibTorch.tensor(
            manager, batch.labels(), DataType.INT8, new Shape(numSeeds, labels.numClasses()))
        : ints(manager, batch.labels(), numSeeds).toType(DataType.INT64, false);
  }

  /** A layer's sources are the first nodes of the batch. */
  private static NDArray degrees(NDManager manager, DeviceBatch batch, BatchLayer layer) {
    long bytes = (long) layer.numSrc() * Integer.BYTES;
    return ints(manager, batch.degrees().asSlice(0, bytes), layer.numSrc());
  }

  private static NDArray ints(NDManager manager, MemorySegment values, long length) {
    return LibTorch.tensor(manager, values, DataType.INT32, new Shape(length));
  }
}
