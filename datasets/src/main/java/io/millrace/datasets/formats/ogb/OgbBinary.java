package io.millrace.datasets.formats.ogb;

import io.millrace.Progress;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.formats.EdgeInput;
import io.millrace.datasets.formats.NumpyColumns;
import io.millrace.datasets.formats.NumpyEdges;
import io.millrace.datasets.formats.features.FeatureSource;
import io.millrace.datasets.formats.features.NumpyRows;
import io.millrace.datasets.npy.NpzFile;
import io.millrace.datasets.npy.NumpyReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * OGB's raw binary files, as ogbn-papers100M has them.
 *
 * <pre>
 *   raw/data.npz         num_nodes_list, num_edges_list [1], edge_index [2, E], node_feat [N, F] (optional)
 *   raw/node-label.npz   node_label [N] or [N, labels], of integers or floats; NaN is unlabelled (optional)
 * </pre>
 */
final class OgbBinary implements OgbRaw {
  private static final String LABEL = "node_label";
  private static final String FEATURES = "node_feat";

  private final NpzFile data;
  private final Path labelFile;
  private final int numNodes;
  private final long numEdges;

  private OgbBinary(NpzFile data, Path labelFile) {
    this.data = data;
    this.labelFile = labelFile;
    numNodes = (int) NumpyColumns.count(data.read("num_nodes_list"), 1, Integer.MAX_VALUE - 1);
    numEdges = NumpyColumns.count(data.read("num_edges_list"), 0, Long.MAX_VALUE);
  }

  /** The file that only a folder in binary form has. */
  static Path archive(OgbFolder folder) {
    return folder.path().resolve("raw").resolve("data.npz");
  }

  static OgbBinary open(OgbFolder folder) {
    NpzFile data = NpzFile.open(archive(folder));
    try {
      return new OgbBinary(data, archive(folder).resolveSibling("node-label.npz"));
    } catch (RuntimeException | Error e) {
      data.close();
      throw e;
    }
  }

  @Override
  public int numNodes() {
    return numNodes;
  }

  @Override
  public long numEdges() {
    return numEdges;
  }

  @Override
  public Optional<NodeLabels> labels() {
    if (!Files.exists(labelFile)) {
      return Optional.empty();
    }
    try (NpzFile labels = NpzFile.open(labelFile)) {
      return Optional.of(NumpyColumns.nodeLabels(labels.read(LABEL), numNodes));
    }
  }

  @Override
  public EdgeInput edges(Path scratch, Progress progress) {
    NumpyReader in = data.read("edge_index");
    NumpyEdges edges = NumpyEdges.open(in, numNodes, scratch, progress);
    if (edges.numEdges() != numEdges) {
      edges.close();
      throw in.wrongShape("[2, " + numEdges + "]");
    }
    return edges;
  }

  @Override
  public Optional<FeatureSource> features(Path scratch) {
    return data.has(FEATURES)
        ? Optional.of(NumpyRows.of(data.read(FEATURES), numNodes, scratch))
        : Optional.empty();
  }

  @Override
  public void close() {
    data.close();
  }
}
