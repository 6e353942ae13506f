package io.millrace.datasets.formats.pyg;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.millrace.Progress;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.DatasetArray;
import io.millrace.datasets.DatasetFile;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.datasets.npy.NpyType;
import io.millrace.datasets.npy.NpzMember;
import io.millrace.datasets.npy.NpzWriter;
import io.millrace.datasets.platform.Access;
import io.millrace.datasets.platform.DiskSpace;
import io.millrace.datasets.platform.IoErrors;
import io.millrace.datasets.platform.PartialDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Writes a dataset to one npz file, with the names and types of PyG's {@code Data}.
 *
 * <pre>
 *   edge_index               int64 [2, E]    sources, then destinations; edges in the order of the destinations
 *   e_id, edge_time          int64 [E]       values of edges, those that there are
 *   edge_weight, edge_attr   float32 [E], float32 [E, D]
 *   x                        float32 or float16 [N, F], as the dataset has it
 *   y                        int64 [N] or [N, C]; -1 is unlabelled
 *   train_mask, val_mask, test_mask          bool [N]
 * </pre>
 *
 * <p>Everything is streamed. The next class to read is {@link NpzWriter}.
 */
public final class PygExport {
  private static final Map<DatasetFile, String> EDGE_NAMES =
      Map.of(
          DatasetFile.EDGE_IDS,
          "e_id",
          DatasetFile.EDGE_TIME,
          "edge_time",
          DatasetFile.EDGE_WEIGHTS,
          "edge_weight",
          DatasetFile.EDGE_FEATURES,
          "edge_attr");
  private static final Map<Split, String> MASK_NAMES =
      Map.of(Split.TRAIN, "train_mask", Split.VALID, "val_mask", Split.TEST, "test_mask");

  private final GraphDataset dataset;
  private final CsrGraph graph;

  private PygExport(GraphDataset dataset) {
    this.dataset = dataset;
    this.graph = dataset.graph();
  }

  /**
   * A kill leaves nothing at {@code out}. What it leaves next to it is deleted by the next export
   * to the same file.
   *
   * @param out the file to write; must not exist; missing folders above it are created
   * @return its size in bytes
   */
  public static long write(GraphDataset dataset, Path out, Progress progress) {
    DatasetArray.of(dataset).forEach(array -> Access.SEQUENTIAL.advise(array.data()));
    List<NpzMember> members = new PygExport(dataset).members();
    long totalBytes = members.stream().mapToLong(NpzMember::bytes).sum();
    try (PartialDirectory partial = PartialDirectory.forTarget(out)) {
      DiskSpace.require(partial.path(), totalBytes);
      Path file = partial.resolve(out.getFileName().toString());
      try (NpzWriter npz = NpzWriter.create(file)) {
        long done = 0;
        for (NpzMember member : members) {
          npz.write(member);
          done += member.bytes();
          progress.update("export (bytes)", done, totalBytes);
        }
        npz.finish();
      }
      Files.move(file, out, StandardCopyOption.ATOMIC_MOVE);
      return Files.size(out);
    } catch (IOException e) {
      throw IoErrors.cannotWrite(out, "npz", e);
    }
  }

  private List<NpzMember> members() {
    long numNodes = graph.numNodes();
    List<NpzMember> members = new ArrayList<>();
    members.add(
        new NpzMember(
            "edge_index", NpyType.INT64, List.of(2L, graph.numEdges()), this::writeEdges));
    dataset.edges().all().forEach((array, values) -> members.add(carried(array, values)));
    if (dataset.hasFeatures()) {
      FeatureMatrix x = dataset.features();
      List<Long> shape = List.of(numNodes, (long) x.dim());
      members.add(new NpzMember("x", x.type().npyType(), shape, NpzMember.of(x.rows())));
    }
    if (dataset.hasLabels()) {
      NodeLabels y = dataset.labels();
      List<Long> shape =
          y.isMultiLabel() ? List.of(numNodes, (long) y.numClasses()) : List.of(numNodes);
      members.add(new NpzMember("y", NpyType.INT64, shape, this::writeLabels));
    }
    if (dataset.hasTargets()) {
      NodeLabels targets = dataset.targets();
      List<Long> shape = List.of(numNodes, (long) targets.numClasses());
      members.add(new NpzMember("targets", NpyType.FLOAT32, shape, NpzMember.of(targets.values())));
    }
    for (Split split : Split.values()) {
      if (dataset.hasSplit(split)) {
        members.add(
            new NpzMember(
                MASK_NAMES.get(split),
                NpyType.BOOL,
                List.of(numNodes),
                out -> out.write(mask(split))));
      }
    }
    return members;
  }

  /** One array of values of edges. */
  private NpzMember carried(DatasetFile array, MemorySegment values) {
    List<Long> shape = new ArrayList<>(List.of(graph.numEdges()));
    Arrays.stream(array.rowShape(dataset.edges().columns())).forEach(shape::add);
    return new NpzMember(EDGE_NAMES.get(array), array.type(), shape, NpzMember.of(values));
  }

  private void writeEdges(OutputStream to) throws IOException {
    Int64Out out = new Int64Out(to);
    for (long edge = 0; edge < graph.numEdges(); edge++) {
      out.put(graph.neighbor(edge));
    }
    for (int node = 0; node < graph.numNodes(); node++) {
      for (int i = graph.degree(node); i > 0; i--) {
        out.put(node);
      }
    }
    out.flush();
  }

  private void writeLabels(OutputStream to) throws IOException {
    Int64Out out = new Int64Out(to);
    MemorySegment values = dataset.labels().values();
    if (dataset.labels().isMultiLabel()) {
      for (long i = 0; i < values.byteSize(); i++) {
        out.put(values.get(JAVA_BYTE, i));
      }
    } else {
      for (int node = 0; node < graph.numNodes(); node++) {
        out.put(values.getAtIndex(JAVA_INT, node));
      }
    }
    out.flush();
  }

  private byte[] mask(Split split) {
    byte[] mask = new byte[graph.numNodes()];
    for (int node : dataset.nodes(split)) {
      mask[node] = 1;
    }
    return mask;
  }

  /** Writes int64, little-endian, to a stream; {@link #flush} comes last. */
  private static final class Int64Out {
    private final OutputStream out;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

    Int64Out(OutputStream out) {
      this.out = out;
    }

    void put(long value) throws IOException {
      if (!buffer.hasRemaining()) {
        flush();
      }
      buffer.putLong(value);
    }

    void flush() throws IOException {
      out.write(buffer.array(), 0, buffer.position());
      buffer.clear();
    }
  }
}
