package io.millrace.training.inference.chunks;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.EdgeAttributes;
import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.slicing.EdgeSegments;
import io.millrace.slicing.FeatureStore;
import io.millrace.slicing.disk.DiskFeatures;
import io.millrace.training.nn.EdgeTensors;
import io.millrace.training.nn.MfgTensors;
import io.millrace.training.nn.PartialAggregation;
import io.millrace.training.torch.LibTorch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Computes one layer for a node with more neighbours than a chunk may have. The row is computed
 * part by part in the memory of a chunk, see {@link PartialAggregation}.
 *
 * <p>A layer that cannot be computed in parts gets the whole row at once if half of the memory
 * holds it; otherwise it is refused with the sizes. One thread. The caller owns dataset and
 * manager.
 *
 * @param layer the layer to compute
 * @param input the graph, with the layer's input rows as features
 * @param inputs what else the layer reads
 * @param cost cost limit of a part
 * @param memoryBytes memory of the whole inference
 */
@Internal
public record HighDegreeRow(
    Layer layer,
    NDManager manager,
    GraphDataset input,
    RowInputs inputs,
    ChunkCost cost,
    long memoryBytes) {
  /** {@code [numSrc x in]} and edges to {@code [numDst x out]}. */
  @FunctionalInterface
  public interface Layer {
    NDArray rows(NDArray state, MfgTensors edges);
  }

  /**
   * @param sink receives float32 {@code [1 x out]}, which is closed when the sink returns
   */
  public void compute(int node, Consumer<NDArray> sink) {
    int degree = input.graph().degree(node);
    try (PartialAggregation row = new PartialAggregation(degree)) {
      while (!round(node, degree, row, sink)) {
        row.endRound();
      }
    } catch (PartialAggregation.WholeRowNeeded _) {
      requireMemory(node, degree);
      part(node, 0, degree, Optional.empty(), sink);
    }
  }

  /**
   * Computes one round, part by part. Returns whether it was the last one: then the sink has the
   * row.
   */
  private boolean round(int node, int degree, PartialAggregation row, Consumer<NDArray> sink) {
    int step = cost.maxEdges();
    for (long from = 0; from == 0 || from < degree; from += step) {
      row.beginPart();
      int count = (int) Math.min(step, degree - from);
      part(node, (int) from, count, Optional.of(row), rows -> passOn(rows, row, sink));
      if (row.complete()) {
        return true;
      }
    }
    return false;
  }

  private static void passOn(NDArray rows, PartialAggregation row, Consumer<NDArray> sink) {
    if (row.complete()) {
      sink.accept(rows);
    }
  }

  private void requireMemory(int node, int degree) {
    long need = cost.of(1, degree);
    if (need > memoryBytes / 2) {
      throw BadInputException.of(
          "the model reads edges itself, so a row is needed whole, and takes more than half of the"
              + " memory",
          "node",
          node,
          "degree",
          degree,
          "needBytes",
          need,
          "memoryBytes",
          memoryBytes);
    }
  }

  /** Local id 0 is the node, 1 to count are its neighbours from position {@code from} on. */
  private void part(
      int node, int from, int count, Optional<PartialAggregation> row, Consumer<NDArray> sink) {
    int[] nodes = new int[count + 1];
    nodes[0] = node;
    CsrGraph graph = input.graph();
    long first = graph.rowStart(node) + from;
    for (int i = 0; i < count; i++) {
      nodes[i + 1] = graph.neighbor(first + i);
    }
    try (Arena arena = Arena.ofConfined();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      MfgTensors edges = withInputs(edges(count, arena), nodes, first, arena);
      sink.accept(
          layer.rows(state(nodes, arena), row.isPresent() ? edges.partOf(row.get()) : edges));
    }
  }

  private NDArray state(int[] nodes, Arena arena) {
    FeatureMatrix features = input.features();
    MemorySegment rows = arena.allocate((long) nodes.length * features.rowBytes(), 64);
    try (FeatureStore store = DiskFeatures.open(features, features.type())) {
      store.gather(nodes, nodes.length, rows);
    }
    DataType type = features.type() == FeatureType.FLOAT32 ? DataType.FLOAT32 : DataType.FLOAT16;
    return array(rows, type, new Shape(nodes.length, features.dim()))
        .toType(DataType.FLOAT32, false);
  }

  private MfgTensors edges(int count, Arena arena) {
    MemorySegment ids = arena.allocate(JAVA_INT, Math.max(1, count));
    for (int i = 0; i < count; i++) {
      ids.setAtIndex(JAVA_INT, i, i + 1);
    }
    return MfgTensors.trusted(
        ints(ids.asSlice(0, (long) count * Integer.BYTES)),
        ints(arena.allocateFrom(JAVA_INT, 0, count)));
  }

  /**
   * @param first position of the first edge
   */
  private MfgTensors withInputs(MfgTensors plain, int[] nodes, long first, Arena arena) {
    MfgTensors edges = plain;
    if (inputs.degrees()) {
      MemorySegment values = arena.allocate(JAVA_INT, nodes.length);
      for (int i = 0; i < nodes.length; i++) {
        values.setAtIndex(JAVA_INT, i, input.graph().degree(nodes[i]));
      }
      edges = edges.withDegrees(ints(values));
    }
    if (inputs.weightedDegrees().isPresent()) {
      MemorySegment values = arena.allocate(JAVA_FLOAT, nodes.length);
      for (int i = 0; i < nodes.length; i++) {
        double sum = inputs.weightedDegrees().get().applyAsDouble(nodes[i]);
        values.setAtIndex(JAVA_FLOAT, i, (float) sum);
      }
      Shape shape = new Shape(nodes.length);
      edges = edges.withWeightedDegrees(array(values, DataType.FLOAT32, shape));
    }
    if (!inputs.edges().equals(EdgeColumns.NONE)) {
      edges = edges.withAttributes(attributes(first, nodes.length - 1, arena));
    }
    return edges;
  }

  private EdgeTensors attributes(long first, int count, Arena arena) {
    EdgeAttributes all = input.edges();
    EdgeColumns read = inputs.edges();
    MemorySegment none = MemorySegment.NULL;
    long rowBytes = (long) read.featureDim() * Float.BYTES;
    EdgeSegments part =
        new EdgeSegments(
            read.ids() ? slice(all.ids(), first, count, Long.BYTES, arena) : none,
            read.times() ? slice(all.times(), first, count, Long.BYTES, arena) : none,
            read.weights() ? slice(all.weights(), first, count, Float.BYTES, arena) : none,
            none,
            rowBytes > 0 ? slice(all.features(), first, count, rowBytes, arena) : none);
    return EdgeTensors.of(part, read, count, this::array);
  }

  /** A copy: torch wants the memory aligned, and its own. */
  private static MemorySegment slice(
      MemorySegment values, long first, int count, long rowBytes, Arena arena) {
    MemorySegment copy =
        arena.allocate(Math.max(1, count * rowBytes), 64).asSlice(0, count * rowBytes);
    return copy.copyFrom(values.asSlice(first * rowBytes, count * rowBytes));
  }

  private NDArray ints(MemorySegment values) {
    return array(values, DataType.INT32, new Shape(values.byteSize() / Integer.BYTES));
  }

  private NDArray array(MemorySegment values, DataType type, Shape shape) {
    return LibTorch.tensor(manager, Device.cpu(), values, type, shape)
        .toDevice(manager.getDevice(), false);
  }
}
