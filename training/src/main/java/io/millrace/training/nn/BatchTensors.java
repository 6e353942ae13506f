package io.millrace.training.nn;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.NodeLabels;
import io.millrace.slicing.MfgSegments;
import io.millrace.training.torch.LibTorch;
import io.millrace.transfer.DeviceBatch;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A batch as arrays over its slot's memory, in the form that a model takes, including a DJL block
 * that Millrace does not know. Nothing is copied if the batch is where the model computes;
 * otherwise it is copied there.
 *
 * <p>float16 features are widened there, because libtorch multiplies float16 on the CPU 20 times
 * slower, and the parameters are float32. The arrays belong to the manager. Everything that is
 * computed from features and edges, gradients included, must be finished before the batch is
 * closed; on a GPU it must be enqueued by then. One thread.
 *
 * <p>The path through the code ends here.
 *
 * @param features float32 {@code [numNodes x dim]}
 * @param edges the edges of each layer, from the input to the seeds: as the pipeline made them, not
 *     checked again
 * @param labels int64 {@code [numSeeds]}, or int8 {@code [numSeeds x numClasses]} where a node can
 *     have several labels; -1 where unknown; or float32 {@code [numSeeds x numTargets]}, NaN where
 *     unknown. This is a copy, which outlives the batch
 */
public record BatchTensors(NDArray features, List<MfgTensors> edges, NDArray labels) {
  /**
   * @param manager a manager of DJL's PyTorch engine, on the device that the model computes on; it
   *     closes the arrays, so use a new submanager for each step
   * @param batch a batch from a {@code BatchPipeline}; the caller keeps ownership
   * @param labels labels of the dataset that the batch is from
   * @throws IllegalArgumentException if the manager belongs to another engine
   */
  public static BatchTensors of(NDManager manager, DeviceBatch batch, NodeLabels labels) {
    if (!(manager instanceof PtNDManager)) {
      throw new IllegalArgumentException(
          "a batch needs a manager of DJL's PyTorch engine: manager=" + manager);
    }
    DataType stored =
        batch.featureType() == FeatureType.FLOAT32 ? DataType.FLOAT32 : DataType.FLOAT16;
    Parts parts = new Parts(manager, batch.onGpu() ? manager.getDevice() : Device.cpu());
    Shape shape = new Shape(batch.numNodes(), batch.dim());
    NDArray features = parts.array(batch.features(), stored, shape);
    List<MfgTensors> edges = new ArrayList<>();
    for (int l = 0; l < batch.numLayers(); l++) {
      MfgSegments layer = batch.layer(l);
      MfgTensors arrays =
          MfgTensors.trusted(
              parts.ints(layer.indices(), layer.numEdges()),
              parts.ints(layer.indptr(), layer.numDst() + 1L));
      edges.add(withInputs(arrays, parts, batch, l));
    }
    return new BatchTensors(
        features.toType(DataType.FLOAT32, false), edges, labels(parts, batch, labels));
  }

  /**
   * The batch as one list, the input of {@link GraphBlock} and of any DJL block written for it: the
   * features; for each hop, from the input to the seeds, int32 {@code indices} and {@code indptr};
   * and at the end int32 {@code [numNodes]} degrees, if the pipeline was asked for them. The arrays
   * are those of this record, not copies. Attributes of edges and weighted degrees are not in it.
   */
  public NDList inputs() {
    NDList inputs = new NDList(features);
    for (MfgTensors layer : edges) {
      inputs.add(layer.indices());
      inputs.add(layer.indptr());
    }
    if (!edges.isEmpty() && edges.getFirst().hasDegrees()) {
      inputs.add(edges.getFirst().degrees());
    }
    return inputs;
  }

  /** A batch of a dataset without labels: all labels are unknown. */
  public static BatchTensors unlabelled(NDManager manager, DeviceBatch batch) {
    return of(manager, batch, NodeLabels.of(1, new int[0]));
  }

  /** Adds what the batch holds of nodes and edges besides features. */
  private static MfgTensors withInputs(MfgTensors arrays, Parts parts, DeviceBatch batch, int l) {
    MfgSegments layer = batch.layer(l);
    MfgTensors with = arrays;
    if (batch.hasDegrees()) {
      with = with.withDegrees(degrees(parts, batch, layer));
    }
    if (batch.hasWeightedDegrees()) {
      long bytes = (long) layer.numSrc() * Float.BYTES;
      MemorySegment values = batch.weightedDegrees().asSlice(0, bytes);
      with =
          with.withWeightedDegrees(
              parts.array(values, DataType.FLOAT32, new Shape(layer.numSrc())));
    }
    if (!batch.edgeColumns().equals(EdgeColumns.NONE)) {
      with =
          with.withAttributes(
              EdgeTensors.of(batch.edges(l), batch.edgeColumns(), layer.numEdges(), parts::array));
    }
    return with;
  }

  private static NDArray labels(Parts parts, DeviceBatch batch, NodeLabels labels) {
    long numSeeds = batch.numSeeds();
    if (labels.isTargets()) {
      return parts
          .array(batch.labels(), DataType.FLOAT32, new Shape(numSeeds, labels.numClasses()))
          .duplicate();
    }
    return labels.isMultiLabel()
        ? parts
            .array(batch.labels(), DataType.INT8, new Shape(numSeeds, labels.numClasses()))
            .duplicate()
        : parts.ints(batch.labels(), numSeeds).toType(DataType.INT64, false);
  }

  /** A layer's sources are the first nodes of the batch. */
  private static NDArray degrees(Parts parts, DeviceBatch batch, MfgSegments layer) {
    long bytes = (long) layer.numSrc() * Integer.BYTES;
    return parts.ints(batch.degrees().asSlice(0, bytes), layer.numSrc());
  }

  /**
   * Makes arrays of a batch's parts.
   *
   * @param from the device that holds the batch
   */
  private record Parts(NDManager manager, Device from) {
    NDArray array(MemorySegment values, DataType type, Shape shape) {
      return LibTorch.tensor(manager, from, values, type, shape)
          .toDevice(manager.getDevice(), false);
    }

    NDArray ints(MemorySegment values, long length) {
      return array(values, DataType.INT32, new Shape(length));
    }
  }
}
