package io.millrace.datasets.links;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.DatasetFile;
import io.millrace.datasets.EdgeAttributes;
import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A dataset with some of its edges left out; the others keep order and attributes. */
final class TrainingEdges {
  private TrainingEdges() {}

  /** Whether an edge stays. */
  @FunctionalInterface
  interface Choice {
    boolean stays(int src, int dst);
  }

  /**
   * @param arena holds the new graph; features and labels stay those of the dataset
   */
  static GraphDataset of(GraphDataset data, Arena arena, Choice choice) {
    CsrGraph all = data.graph();
    MemorySegment indptr = arena.allocate(JAVA_LONG, all.numNodes() + 1L);
    MemorySegment positions = arena.allocate(JAVA_LONG, Math.max(1, all.numEdges()));
    MemorySegment indices = arena.allocate(JAVA_INT, Math.max(1, all.numEdges()));
    long size = 0;
    for (int dst = 0; dst < all.numNodes(); dst++) {
      long end = all.rowStart(dst + 1);
      for (long position = all.rowStart(dst); position < end; position++) {
        int src = all.neighbor(position);
        if (choice.stays(src, dst)) {
          positions.setAtIndex(JAVA_LONG, size, position);
          indices.setAtIndex(JAVA_INT, size, src);
          size++;
        }
      }
      indptr.setAtIndex(JAVA_LONG, dst + 1L, size);
    }
    CsrGraph graph = CsrGraph.of(indptr, indices.asSlice(0, size * Integer.BYTES));
    GraphDataset.Builder builder = GraphDataset.builder(data.name(), graph);
    builder.edges(attributes(data.edges(), positions, size, arena));
    data.part().ifPresent(builder::part);
    if (data.hasFeatures() && data.part().isEmpty()) {
      builder.features(data.features());
    }
    if (data.hasLabels()) {
      builder.labels(data.labels());
    }
    if (data.hasTargets()) {
      builder.targets(data.targets());
    }
    for (Split split : Split.values()) {
      if (data.hasSplit(split)) {
        builder.split(split, data.nodes(split));
      }
    }
    data.dictionary().ifPresent(builder::dictionary);
    return builder.build();
  }

  private static EdgeAttributes attributes(
      EdgeAttributes all, MemorySegment positions, long size, Arena arena) {
    EdgeColumns columns = all.columns();
    EdgeAttributes kept = EdgeAttributes.NONE;
    kept =
        columns.ids()
            ? kept.withIds(rows(all, DatasetFile.EDGE_IDS, 1, positions, size, arena))
            : kept;
    kept =
        columns.weights()
            ? kept.withWeights(rows(all, DatasetFile.EDGE_WEIGHTS, 1, positions, size, arena))
            : kept;
    kept =
        columns.times()
            ? kept.withTimes(rows(all, DatasetFile.EDGE_TIME, 1, positions, size, arena))
            : kept;
    int dim = columns.featureDim();
    return dim > 0
        ? kept.withFeatures(dim, rows(all, DatasetFile.EDGE_FEATURES, dim, positions, size, arena))
        : kept;
  }

  private static MemorySegment rows(
      EdgeAttributes all,
      DatasetFile column,
      int dim,
      MemorySegment positions,
      long size,
      Arena arena) {
    MemorySegment values = all.all().get(column);
    long rowBytes = (long) dim * column.type().bytes();
    MemorySegment kept = arena.allocate(size * rowBytes, Long.BYTES);
    for (long i = 0; i < size; i++) {
      long from = positions.getAtIndex(JAVA_LONG, i) * rowBytes;
      MemorySegment.copy(values, from, kept, i * rowBytes, rowBytes);
    }
    return kept;
  }
}
