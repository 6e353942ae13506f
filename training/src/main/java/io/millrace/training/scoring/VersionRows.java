package io.millrace.training.scoring;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.overlay.GraphVersion;
import io.millrace.datasets.overlay.NodeRow;
import io.millrace.sampler.AdjacencyRows;
import io.millrace.sampler.CsrRows;
import io.millrace.sampler.DrawnEdges;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * The rows of a {@link GraphVersion}. Positions below the dataset's number of edges are its own;
 * the changed rows of a chunk lie behind them, one after the other. Edges that were added have no
 * attributes, so for a model that reads attributes a changed row is an error unless it is empty.
 * One thread.
 */
final class VersionRows implements AdjacencyRows {
  private final boolean attributed;
  private GraphVersion version;
  private AdjacencyRows base;
  private int[][] changed = new int[16][];
  private long[] changedStarts = new long[16];
  private int numChanged;

  /**
   * @param attributed whether a model reads attributes of edges
   */
  VersionRows(GraphVersion version, boolean attributed) {
    this.attributed = attributed;
    use(version);
  }

  /** The version that is read from now on; of the same dataset. */
  void use(GraphVersion newVersion) {
    if (version == null || version.base() != newVersion.base()) {
      base = new CsrRows(newVersion.base().graph());
    }
    version = newVersion;
  }

  GraphVersion version() {
    return version;
  }

  @Override
  public int numNodes() {
    return version.numNodes();
  }

  /**
   * The sum of the weights of a node's edges.
   *
   * @param ofDataset that of a node of the dataset as it is there
   */
  double weightedDegree(int node, IntToDoubleFunction ofDataset) {
    NodeRow row = version.row(node);
    if (!row.isChanged()) {
      return ofDataset.applyAsDouble(node);
    }
    requireAttributes(node, row.neighbors().length);
    return 0;
  }

  /** Only edges of the dataset are given out then. */
  @Override
  public boolean hasEdgePositions() {
    return attributed;
  }

  @Override
  public void bounds(int[] nodes, int begin, int end, long[] starts, long[] lengths) {
    numChanged = 0;
    if (version.numChanged() == 0) {
      base.bounds(nodes, begin, end, starts, lengths);
      return;
    }
    CsrGraph graph = version.base().graph();
    long next = graph.numEdges();
    for (int i = begin; i < end; i++) {
      NodeRow row = version.row(nodes[i]);
      long start = row.isChanged() ? next : graph.rowStart(nodes[i]);
      long length = row.isChanged() ? row.neighbors().length : graph.rowStart(nodes[i] + 1) - start;
      starts[i - begin] = start;
      lengths[i - begin] = length;
      if (row.isChanged()) {
        requireAttributes(nodes[i], length);
        add(start, row.neighbors());
        next += length;
      } else if (start < 0
          || length < 0
          || length > Integer.MAX_VALUE
          || start + length > graph.numEdges()) {
        throw BadInputException.of(
            "row bounds out of range", "node", nodes[i], "start", start, "length", length);
      }
    }
  }

  private void requireAttributes(int changed, long length) {
    if (attributed && length > 0) {
      throw BadInputException.of(
          "edges that were added have no weights and features, and the model reads them",
          "node",
          changed);
    }
  }

  private void add(long start, int[] row) {
    if (row.length == 0) {
      return; // no position lies in it
    }
    if (numChanged == changed.length) {
      changed = Arrays.copyOf(changed, 2 * numChanged);
      changedStarts = Arrays.copyOf(changedStarts, 2 * numChanged);
    }
    changed[numChanged] = row;
    changedStarts[numChanged++] = start;
  }

  @Override
  public void neighbors(DrawnEdges edges, int count) {
    if (numChanged == 0) {
      base.neighbors(edges, count);
      return;
    }
    long[] positions = edges.positions();
    int[] neighbors = edges.neighbors();
    CsrGraph graph = version.base().graph();
    for (int i = 0; i < count; i++) {
      long position = positions[i];
      neighbors[i] =
          position < graph.numEdges() ? neighbor(graph, position) : changedNeighbor(position);
    }
  }

  private int changedNeighbor(long position) {
    int found = Arrays.binarySearch(changedStarts, 0, numChanged, position);
    int row = found >= 0 ? found : -found - 2;
    return changed[row][(int) (position - changedStarts[row])];
  }

  private static int neighbor(CsrGraph graph, long position) {
    int node = graph.neighbor(position);
    if (node < 0 || node >= graph.numNodes()) {
      throw BadInputException.of(
          "neighbour id out of range",
          "position",
          position,
          "id",
          node,
          "numNodes",
          graph.numNodes());
    }
    return node;
  }
}
