package io.millrace.spark.tables;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.DatasetFile;
import io.millrace.datasets.DatasetWriter;
import io.millrace.datasets.DictionaryWriter;
import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.Split;
import io.millrace.datasets.npy.NpyType;
import io.millrace.datasets.npy.NpyWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Joins the pieces of all partitions, in their order, to the arrays of a dataset. It reads and
 * writes files as streams; only the dictionary needs memory, 8 bytes a node.
 *
 * @param nodeParts partitions of the node table
 * @param edgeParts partitions of the sorted edges
 */
record JoinedPieces(Pieces pieces, DatasetWriter writer, int nodeParts, int edgeParts) {
  private static final int BOUNDS = 1 << 16;

  /** What is joined. */
  record Shape(
      int numNodes, long numEdges, EdgeColumns columns, boolean undirected, boolean names) {}

  DatasetDescription join(
      String name, Shape shape, Optional<NodeDataFrame> nodes, NodePieces.Found found) {
    indptr(shape);
    array(DatasetFile.INDICES, EdgePieces.SOURCES, edgeParts);
    if (shape.columns().ids()) {
      array(DatasetFile.EDGE_IDS, EdgePieces.IDS, edgeParts);
    }
    if (shape.columns().times()) {
      array(DatasetFile.EDGE_TIME, EdgePieces.TIMES, edgeParts);
    }
    if (shape.columns().weights()) {
      array(DatasetFile.EDGE_WEIGHTS, EdgePieces.WEIGHTS, edgeParts);
    }
    int edgeDim = shape.columns().featureDim();
    if (edgeDim > 0) {
      DatasetFile file = DatasetFile.EDGE_FEATURES;
      array(file.path(), file.type(), EdgePieces.FEATURES, edgeParts, edgeDim);
    }
    if (shape.names()) {
      names(shape.numNodes());
    }
    Optional<Integer> dim = nodes.flatMap(NodeDataFrame::featureDim);
    dim.ifPresent(
        it ->
            array(
                DatasetFile.FEATURES.path(), NpyType.FLOAT32, NodePieces.FEATURES, nodeParts, it));
    boolean labelled = nodes.isPresent() && nodes.get().has(NodeDataFrame.LABEL);
    if (labelled) {
      array(DatasetFile.LABELS.path(), NpyType.INT32, NodePieces.LABELS, nodeParts, 0);
    }
    if (nodes.isPresent() && nodes.get().has(NodeDataFrame.SPLIT)) {
      for (Split split : Split.values()) {
        array(DatasetFile.valueOf(split.name()), split.fileName(), nodeParts);
      }
    }
    var classes = nodes.map(NodeDataFrame::classes).orElse(java.util.List.of());
    int numClasses = classes.isEmpty() ? Math.max(0, found.maxLabel()) + 1 : classes.size();
    return writer.commit(
        new DatasetDescription(
            name,
            shape.numNodes(),
            shape.numEdges(),
            !shape.undirected(),
            dim.map(it -> new DatasetDescription.Features(it, FeatureType.FLOAT32)),
            labelled ? OptionalInt.of(numClasses) : OptionalInt.empty(),
            labelled ? classes : java.util.List.of(),
            Optional.empty(),
            "tables of Spark",
            Optional.empty(),
            Optional.empty(),
            Map.of()));
  }

  /** A one-dimensional array. */
  private void array(DatasetFile file, String piece, int parts) {
    array(file.path(), file.type(), piece, parts, 0);
  }

  /**
   * @param dim values per row; 0 = one-dimensional
   */
  private void array(String path, NpyType type, String piece, int parts, int dim) {
    long rows = pieces.bytes(piece, parts) / type.bytes() / Math.max(1, dim);
    long[] shape = dim == 0 ? new long[] {rows} : new long[] {rows, dim};
    writer.write(
        path,
        type,
        shape,
        npy -> {
          for (int part = 0; part < parts; part++) {
            withPart(piece, part, npy::write);
          }
        });
  }

  private interface Content {
    void take(MemorySegment bytes) throws IOException;
  }

  private void withPart(String piece, int part, Content content) throws IOException {
    Path file = pieces.part(piece, part);
    try (Arena arena = Arena.ofConfined();
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() > 0) {
        content.take(channel.map(MapMode.READ_ONLY, 0, channel.size(), arena));
      }
    }
  }

  /** The bounds of the rows, from the counts of the destinations. */
  private void indptr(Shape shape) {
    pieces.bytes(EdgePieces.DEGREES, edgeParts); // all are there
    writer.write(
        DatasetFile.INDPTR.path(),
        NpyType.INT64,
        new long[] {shape.numNodes() + 1L},
        npy -> {
          Bounds bounds = new Bounds(npy);
          for (int part = 0; part < edgeParts; part++) {
            withPart(
                EdgePieces.DEGREES,
                part,
                bytes -> {
                  for (long at = 0; at < bytes.byteSize(); at += 2L * Integer.BYTES) {
                    bounds.add(
                        bytes.get(JAVA_INT_UNALIGNED, at),
                        bytes.get(JAVA_INT_UNALIGNED, at + Integer.BYTES));
                  }
                });
          }
          bounds.finish(shape.numNodes());
          if (bounds.edges != shape.numEdges()) {
            throw BadInputException.of(
                "the table of the edges was not the same each time it was read",
                "edges",
                shape.numEdges(),
                "then",
                bounds.edges);
          }
        });
  }

  /** Appends a bound for each row; destinations come in ascending order, some of them twice. */
  private static final class Bounds {
    private final NpyWriter npy;
    private final long[] buffer = new long[BOUNDS];
    private int size;
    private int next;
    private long edges;

    Bounds(NpyWriter npy) {
      this.npy = npy;
    }

    void add(int dst, int degree) throws IOException {
      upTo(dst);
      edges += degree;
    }

    /** Rows up to this one begin at or before the edges so far. */
    private void upTo(int row) throws IOException {
      while (next <= row) {
        buffer[size++] = edges;
        next++;
        if (size == BOUNDS) {
          flush();
        }
      }
    }

    void finish(int numNodes) throws IOException {
      upTo(numNodes);
      flush();
    }

    private void flush() throws IOException {
      npy.write(MemorySegment.ofArray(buffer).asSlice(0, (long) size * Long.BYTES));
      size = 0;
    }
  }

  private void names(int numNodes) {
    int[] lengths = new int[numNodes];
    int[] filled = {0};
    try (Arena arena = Arena.ofShared()) {
      MemorySegment[] bytes = new MemorySegment[nodeParts];
      int[] firstNode = new int[nodeParts + 1];
      for (int part = 0; part < nodeParts; part++) {
        withPart(
            NodePieces.NAME_LENGTHS,
            part,
            in -> {
              int count = (int) (in.byteSize() / Integer.BYTES);
              for (int i = 0; i < count; i++) {
                lengths[filled[0]++] = in.get(JAVA_INT_UNALIGNED, (long) i * Integer.BYTES);
              }
            });
        firstNode[part + 1] = filled[0];
        try (FileChannel channel =
            FileChannel.open(pieces.part(NodePieces.NAME_BYTES, part), StandardOpenOption.READ)) {
          bytes[part] = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
        }
      }
      new DictionaryWriter(new Names(lengths, firstNode, bytes)::name, numNodes)
          .writeTo(writer, Progress.NONE);
    } catch (IOException e) {
      throw writer.cannotWrite("dictionary", e);
    }
  }

  /** The names, for a writer that asks in ascending order, more than once. */
  private static final class Names {
    private final int[] lengths;
    private final int[] firstNode;
    private final MemorySegment[] bytes;
    private int next;
    private int part;
    private long offset;

    Names(int[] lengths, int[] firstNode, MemorySegment[] bytes) {
      this.lengths = lengths;
      this.firstNode = firstNode;
      this.bytes = bytes;
    }

    byte[] name(int node) {
      if (node < next) {
        next = 0;
        part = 0;
        offset = 0;
      }
      while (true) {
        while (next >= firstNode[part + 1]) {
          part++;
          offset = 0;
        }
        if (next == node) {
          return bytes[part]
              .asSlice(offset, lengths[node])
              .toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        }
        offset += lengths[next++];
      }
    }
  }
}
