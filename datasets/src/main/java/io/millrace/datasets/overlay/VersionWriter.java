package io.millrace.datasets.overlay;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.datasets.platform.ScratchFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** Writes a version as a dataset: its parts are made in mapped scratch files. One thread, once. */
final class VersionWriter {
  private final GraphVersion version;
  private final GraphDataset base;
  private final Path out;
  private final Arena arena;

  private VersionWriter(GraphVersion version, Path out, Arena arena) {
    this.version = version;
    this.base = version.base();
    this.out = out.toAbsolutePath();
    this.arena = arena;
  }

  static DatasetDescription write(GraphVersion version, Path out) {
    if (!version.base().edges().all().isEmpty()) {
      throw BadInputException.of(
          "new edges have no attributes, so the dataset must have none",
          "dataset",
          version.base().name(),
          "attributes",
          version.base().edges().all().keySet());
    }
    try (Arena arena = Arena.ofShared()) {
      return new VersionWriter(version, out, arena).dataset().save(out);
    }
  }

  private GraphDataset dataset() {
    GraphDataset.Builder builder =
        GraphDataset.builder(base.name(), graph()).features(features()).owning(Arena.ofShared());
    if (base.hasLabels()) {
      builder.labels(labels(base.labels()));
    }
    if (base.hasTargets()) {
      builder.targets(labels(base.targets()));
    }
    for (Split split : Split.values()) {
      if (base.hasSplit(split)) {
        builder.split(split, base.nodes(split));
      }
    }
    if (base.dictionary().isPresent() || version.names().any()) {
      builder.names(IntStream.range(0, version.numNodes()).mapToObj(this::name).toList());
    }
    return builder.build();
  }

  /**
   * The name of a node. An added node without one gets its id in digits, and an underscore for each
   * other node that is in the way.
   */
  private String name(int node) {
    String name = version.name(node);
    boolean given = node < base.graph().numNodes() || !version.row(node).name().isEmpty();
    while (!given && version.node(name).isPresent()) {
      name += "_";
    }
    return name;
  }

  private CsrGraph graph() {
    int numNodes = version.numNodes();
    MemorySegment indptr = scratch("indptr", (numNodes + 1L) * Long.BYTES);
    long numEdges = 0;
    for (int v = 0; v < numNodes; v++) {
      numEdges += version.degree(v);
      indptr.setAtIndex(JAVA_LONG, v + 1L, numEdges);
    }
    MemorySegment indices = scratch("indices", numEdges * Integer.BYTES);
    for (int v = 0; v < numNodes; v++) {
      int[] row = version.neighbors(v);
      long start = indptr.getAtIndex(JAVA_LONG, v);
      MemorySegment.copy(row, 0, indices, JAVA_INT, start * Integer.BYTES, row.length);
    }
    return CsrGraph.of(indptr, indices);
  }

  private FeatureMatrix features() {
    FeatureMatrix before = base.features();
    int numNodes = version.numNodes();
    MemorySegment rows = scratch("features", (long) numNodes * before.rowBytes());
    rows.copyFrom(before.rows());
    for (int v = before.numNodes(); v < numNodes; v++) {
      float[] row = version.row(v).features();
      for (int c = 0; c < row.length; c++) {
        long index = (long) v * row.length + c;
        if (before.type() == FeatureType.FLOAT32) {
          rows.setAtIndex(JAVA_FLOAT, index, row[c]);
        } else {
          rows.setAtIndex(JAVA_SHORT, index, Float.floatToFloat16(row[c]));
        }
      }
    }
    return FeatureMatrix.of(numNodes, before.dim(), before.type(), rows);
  }

  /** New nodes have none: bytes of -1 are -1 as an int and NaN as a float. */
  private NodeLabels labels(NodeLabels before) {
    MemorySegment values =
        scratch(
            before.isTargets() ? "targets" : "labels",
            (long) version.numNodes() * before.rowBytes());
    values.copyFrom(before.values());
    values.asSlice(before.values().byteSize()).fill((byte) NodeLabels.UNLABELLED);
    return before.withValues(values);
  }

  private MemorySegment scratch(String part, long bytes) {
    if (bytes == 0) {
      return arena.allocate(JAVA_BYTE, 0);
    }
    return ScratchFile.map(
        out.resolveSibling("." + out.getFileName() + "." + part + ".tmp"), part, bytes, arena);
  }
}
