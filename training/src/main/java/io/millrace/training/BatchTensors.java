package io.millrace.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.NodeLabels;
import io.millrace.slicing.BatchLayer;
import io.millrace.transfer.DeviceBatch;

/**
 * A batch as a model takes it: its slot's memory seen as arrays, without a copy.
 *
 * <p>Only float16 features are copied, into float32, for libtorch multiplies float16 on the CPU 20
 * times slower. The arrays belong to the manager, and all that is computed from them, gradients
 * included, must be done before the batch is closed.
 *
 * @param inputs the features {@code [numNodes x dim]}, then per layer {@code indices} and {@code
 *     indptr}: what {@link GraphModel}'s block takes
 * @param labels int64 {@code [numSeeds]}, or int8 {@code [numSeeds x numClasses]} where a node can
 *     have several; -1 where unknown
 */
record BatchTensors(NDList inputs, NDArray labels) {
  /**
   * @param labels of the dataset that the batch is from
   */
  static BatchTensors of(NDManager manager, DeviceBatch batch, NodeLabels labels) {
    DataType stored =
        batch.featureType() == FeatureType.FLOAT32 ? DataType.FLOAT32 : DataType.FLOAT16;
    Shape shape = new Shape(batch.numNodes(), batch.dim());
    NDArray features = LibTorch.tensor(manager, batch.features(), stored, shape);
    NDList inputs = new NDList(1 + 2 * batch.numLayers());
    inputs.add(features.toType(DataType.FLOAT32, false));
    for (int l = 0; l < batch.numLayers(); l++) {
      BatchLayer layer = batch.layer(l);
      inputs.add(
          LibTorch.tensor(manager, layer.indices(), DataType.INT32, new Shape(layer.numEdges())));
      inputs.add(
          LibTorch.tensor(manager, layer.indptr(), DataType.INT32, new Shape(layer.numDst() + 1L)));
    }
    return new BatchTensors(inputs, labels(manager, batch, labels));
  }

  private static NDArray labels(NDManager manager, DeviceBatch batch, NodeLabels labels) {
    long numSeeds = batch.numSeeds();
    return labels.isMultiLabel()
        ? LibTorch.tensor(
            manager, batch.labels(), DataType.INT8, new Shape(numSeeds, labels.numClasses()))
        : LibTorch.tensor(manager, batch.labels(), DataType.INT32, new Shape(numSeeds))
            .toType(DataType.INT64, false);
  }
}
