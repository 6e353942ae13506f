package io.millrace.slicing;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.EdgeAttributes;
import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.sampler.MfgLayer;
import io.millrace.sampler.SampledBatch;
import io.millrace.sampler.draw.EdgeTimes;
import io.millrace.sampler.draw.EdgeWeights;
import io.millrace.sampler.draw.TimeRule;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;

/**
 * Completes a sampled batch in a slot: it copies node ids, labels and layers to the slot, and
 * gathers the features of the nodes; on request it also writes their degrees, and the attributes of
 * the edges.
 *
 * <p>A call runs on one thread, because the workers already run in parallel, each on its own batch.
 * Immutable; shared by all threads.
 *
 * <p>{@link SlotLayout} says where each part of a batch lies, {@link FeatureStore} where features
 * come from. Next class to read: {@code DeviceBatch} of module transfer.
 */
public final class Slicer {
  private final FeatureStore features;
  private final Optional<NodeLabels> labels;
  private final Optional<Degrees> degrees;
  private final Optional<WeightedDegrees> weightedDegrees;
  private final EdgeGather edges;
  private final SlotContent content;

  private Slicer(
      FeatureStore features,
      Optional<NodeLabels> labels,
      Optional<Degrees> degrees,
      Optional<WeightedDegrees> weightedDegrees,
      EdgeGather edges) {
    this.features = features;
    this.labels = labels;
    this.degrees = degrees;
    this.weightedDegrees = weightedDegrees;
    this.edges = edges;
    int labelBytes = labels.map(NodeLabels::rowBytes).orElse(Integer.BYTES);
    content =
        new SlotContent(
            features.dim(),
            features.type(),
            labelBytes,
            degrees.isPresent(),
            weightedDegrees.isPresent(),
            edges.columns());
  }

  private static Slicer plain(FeatureStore features, Optional<NodeLabels> labels) {
    return new Slicer(features, labels, Optional.empty(), Optional.empty(), EdgeGather.NOTHING);
  }

  /**
   * Slices the features of a dataset in their stored type, and its labels if it has any.
   *
   * @throws BadInputException if the dataset is on disk ({@code StorageMode.DISK}): such rows come
   *     from an open file, so they need a store that the caller closes, {@code
   *     DiskFeatures.open(data.features(), type)}
   */
  public static Slicer of(GraphDataset data) {
    return of(data, data.features().type(), GatherKind.AUTO);
  }

  /**
   * Like {@link #of(GraphDataset)}, with a given type and gather.
   *
   * @param type the type of the features in the slot: that of the dataset, or float32 if that is
   *     float16
   */
  public static Slicer of(GraphDataset data, FeatureType type, GatherKind kind) {
    if (data.features().file().isPresent()) {
      throw BadInputException.of(
          "features on disk are sliced from a store, see DiskFeatures.open",
          "dataset",
          data.name(),
          "residence",
          "disk");
    }
    return of(data, FeatureStore.of(data.features(), type, kind));
  }

  /** Slices the labels of a dataset, if it has any, and features from a store of the caller's. */
  public static Slicer of(GraphDataset data, FeatureStore features) {
    Optional<NodeLabels> labels = data.hasLabels() ? Optional.of(data.labels()) : Optional.empty();
    return plain(features, labels);
  }

  /** Slices features alone; every label is unknown. */
  public static Slicer of(FeatureStore features) {
    return plain(features, Optional.empty());
  }

  /**
   * The same slicer, which also writes the number of neighbours of each node of a batch in a graph,
   * without the edges that the batch excludes.
   */
  public Slicer withDegrees(CsrGraph graph) {
    return with(
        (batch, local) -> graph.degree(batch.nodes()[local]) - batch.excluded().count(local));
  }

  /**
   * The same slicer, which also writes the degree of each node of a batch.
   *
   * @param degree of a node
   */
  public Slicer withDegrees(IntUnaryOperator degree) {
    return with((batch, local) -> degree.applyAsInt(batch.nodes()[local]));
  }

  /**
   * The same slicer, which also writes how many edges of each node of a batch count at its time.
   *
   * @param rule of the sampler
   */
  public Slicer withDegrees(EdgeTimes times, TimeRule rule) {
    return with((batch, local) -> rule.degree(times, batch.nodes()[local], batch.times()[local]));
  }

  private Slicer with(Degrees value) {
    return new Slicer(features, labels, Optional.of(value), weightedDegrees, edges);
  }

  /**
   * The same slicer, which also writes the weighted degree of each node of a batch.
   *
   * @param weightedDegree of a node: the sum of the weights of its edges
   */
  public Slicer withWeightedDegrees(IntToDoubleFunction weightedDegree) {
    return withSums((batch, local) -> weightedDegree.applyAsDouble(batch.nodes()[local]));
  }

  /**
   * The same slicer, which also writes the sum of the weights of each node's edges, without the
   * edges that the batch excludes.
   */
  public Slicer withWeightedDegrees(EdgeWeights weights) {
    return withSums(
        (batch, local) -> weights.degree(batch.nodes()[local], batch.excluded(), local));
  }

  private Slicer withSums(WeightedDegrees value) {
    return new Slicer(features, labels, degrees, Optional.of(value), edges);
  }

  /**
   * The same slicer, which also writes attributes of the edges of each layer, and with weights the
   * scale of the draw, if it has one. The batches must then have edge positions.
   *
   * @param of the attributes of all edges of the graph, in the order of its {@code indices}
   * @param columns those to write
   * @throws BadInputException if the edges do not have them
   */
  public Slicer withEdges(EdgeAttributes of, EdgeColumns columns) {
    of.requireColumns(columns);
    return new Slicer(features, labels, degrees, weightedDegrees, new EdgeGather(of, columns));
  }

  /** Whether batches to slice must have edge positions. */
  public boolean needsEdgePositions() {
    return !edges.isNothing();
  }

  /**
   * @param slot a slot of the caller; the returned batch refers to it, and stays valid after the
   *     sampler's next call
   */
  public SlicedBatch slice(SampledBatch batch, Slot slot, int epoch, int number) {
    SlotLayout layout = SlotLayout.of(batch, content);
    slot.ensure(layout.bytes());
    MemorySegment memory = slot.memory();
    copy(batch.nodes(), layout.nodes(memory));
    for (int i = 0; i < batch.numLayers(); i++) {
      MfgLayer layer = batch.layer(i);
      MfgSegments target = layout.layer(memory, i);
      copy(layer.indptr(), target.indptr());
      copy(layer.indices(), target.indices());
      if (needsEdgePositions()) {
        edges.copy(layer, layout.edges(memory, i));
      }
    }
    copyLabels(batch, layout.labels(memory));
    degrees.ifPresent(degree -> copyDegrees(batch, degree, layout.degrees(memory)));
    weightedDegrees.ifPresent(sum -> copySums(batch, sum, layout.weightedDegrees(memory)));
    CompletableFuture<Void> rows =
        features.gatherAhead(batch.nodes(), batch.numNodes(), layout.features(memory));
    return SlicedBatch.of(epoch, number, layout, slot, batch.seedLocalIds().clone(), rows);
  }

  private void copyLabels(SampledBatch batch, MemorySegment out) {
    if (labels.isEmpty()) {
      out.fill((byte) NodeLabels.UNLABELLED); // every byte of an int that is -1
      return;
    }
    int[] nodes = batch.nodes();
    MemorySegment values = labels.get().values();
    long rowBytes = labels.get().rowBytes();
    for (int i = 0; i < batch.numSeeds(); i++) {
      MemorySegment.copy(values, nodes[i] * rowBytes, out, i * rowBytes, rowBytes);
    }
  }

  private static void copyDegrees(SampledBatch batch, Degrees degrees, MemorySegment out) {
    for (int i = 0; i < batch.numNodes(); i++) {
      out.setAtIndex(JAVA_INT, i, degrees.of(batch, i));
    }
  }

  private static void copySums(SampledBatch batch, WeightedDegrees sum, MemorySegment out) {
    for (int i = 0; i < batch.numNodes(); i++) {
      out.setAtIndex(JAVA_FLOAT, i, (float) sum.of(batch, i));
    }
  }

  /** The degree of a batch's node. */
  private interface Degrees {
    int of(SampledBatch batch, int localId);
  }

  /** The weighted degree of a batch's node. */
  private interface WeightedDegrees {
    double of(SampledBatch batch, int localId);
  }

  /** Copies as many values as {@code target} holds. */
  private static void copy(int[] source, MemorySegment target) {
    MemorySegment.copy(source, 0, target, JAVA_INT, 0, (int) (target.byteSize() / Integer.BYTES));
  }
}
