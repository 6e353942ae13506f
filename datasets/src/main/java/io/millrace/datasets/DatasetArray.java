package io.millrace.datasets;

import io.millrace.Internal;
import io.millrace.datasets.npy.NpyHeader;
import io.millrace.datasets.npy.NpyType;
import io.millrace.datasets.npy.NpyWriter;
import io.millrace.datasets.platform.Checksums;
import io.millrace.datasets.platform.FileEntry;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * One array of a dataset, as it is or would be stored in a dataset directory.
 *
 * @param path the file's path inside the directory
 * @param type type of the elements
 * @param shape elements per dimension
 * @param data the elements, little-endian, row-major
 */
@Internal
public record DatasetArray(String path, NpyType type, List<Long> shape, MemorySegment data) {

  DatasetArray(DatasetFile file, MemorySegment data, long... sizes) {
    this(file.path(), file.type(), Arrays.stream(sizes).boxed().toList(), data);
  }

  public static List<DatasetArray> of(GraphDataset dataset) {
    List<DatasetArray> parts = new ArrayList<>(of(dataset.graph()));
    EdgeColumns columns = dataset.edges().columns();
    long numEdges = dataset.graph().numEdges();
    dataset
        .edges()
        .all()
        .forEach(
            (array, values) -> {
              List<Long> shape = new ArrayList<>(List.of(numEdges));
              Arrays.stream(array.rowShape(columns)).forEach(shape::add);
              parts.add(new DatasetArray(array.path(), array.type(), shape, values));
            });
    if (dataset.hasFeatures()) {
      FeatureMatrix features = dataset.features();
      parts.add(
          new DatasetArray(
              DatasetFile.FEATURES.path(),
              features.type().npyType(),
              List.of((long) features.numNodes(), (long) features.dim()),
              features.rows()));
    }
    if (dataset.hasLabels()) {
      parts.add(of(dataset.labels()));
    }
    if (dataset.hasTargets()) {
      parts.add(of(dataset.targets()));
    }
    for (Split split : Split.values()) {
      if (dataset.hasSplit(split)) {
        parts.add(of(split, dataset.nodes(split)));
      }
    }
    return parts;
  }

  public static List<DatasetArray> of(CsrGraph graph) {
    return List.of(
        new DatasetArray(DatasetFile.INDPTR, graph.indptr(), graph.numNodes() + 1L),
        new DatasetArray(DatasetFile.INDICES, graph.indices(), graph.numEdges()));
  }

  public static DatasetArray of(NodeLabels labels) {
    long numNodes = labels.numNodes();
    if (labels.isTargets()) {
      return new DatasetArray(DatasetFile.TARGETS, labels.values(), numNodes, labels.numClasses());
    }
    boolean several = labels.isMultiLabel();
    return new DatasetArray(
        DatasetFile.LABELS.path(),
        several ? NpyType.INT8 : NpyType.INT32,
        several ? List.of(numNodes, (long) labels.numClasses()) : List.of(numNodes),
        labels.values());
  }

  public static DatasetArray of(Split split, int[] nodes) {
    return new DatasetArray(DatasetFile.of(split), MemorySegment.ofArray(nodes), nodes.length);
  }

  long[] sizes() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }

  /** Size and checksum of the file that {@link NpyWriter} would write. */
  FileEntry entry() {
    byte[] header = NpyHeader.bytesFor(type, sizes());
    MessageDigest digest = Checksums.sha256();
    digest.update(header);
    Checksums.update(digest, data);
    return new FileEntry(
        header.length + data.byteSize(), HexFormat.of().formatHex(digest.digest()));
  }
}
