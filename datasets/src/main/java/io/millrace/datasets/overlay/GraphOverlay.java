package io.millrace.datasets.overlay;

import io.millrace.BadInputException;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.GraphDataset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds nodes and edges to an open dataset, for readers that need the newest graph.
 *
 * <pre>{@code
 * GraphOverlay overlay = GraphOverlay.of(data);
 * int node = overlay.addNode("zoe", features);
 * overlay.addEdge(7, node); // zoe aggregates from node 7
 * overlay.addEdge(node, 7); // and node 7 from zoe
 * overlay.commit();
 * }</pre>
 *
 * <p>What is added becomes visible at {@link #commit}, all of it at once. Readers take {@link
 * #current} and see one version however long they use it. It takes memory on the heap: see the
 * package. {@link #compact} writes it to disk.
 *
 * <p>Thread-safe: one writer at a time, any number of readers, which never wait. The dataset stays
 * the caller's, and is not changed. The next class to read is {@link GraphVersion}.
 */
public final class GraphOverlay {
  private final GraphDataset base;
  private final Map<Integer, List<Integer>> newEdges = new LinkedHashMap<>();
  private volatile GraphVersion current;
  private NodeTree<NodeRow> rows;
  private int numNodes;

  private GraphOverlay(GraphDataset base) {
    this.base = base;
    current = GraphVersion.of(base);
    rows = current.rows();
    numNodes = current.numNodes();
  }

  /**
   * @throws BadInputException if the dataset has no features
   */
  public static GraphOverlay of(GraphDataset data) {
    data.features();
    return new GraphOverlay(data);
  }

  /** The newest complete version. */
  public GraphVersion current() {
    return current;
  }

  /**
   * Adds a node without a name.
   *
   * @param features one value per column of the dataset's
   * @return its id
   * @throws BadInputException if the features do not fit, or are not finite
   */
  public int addNode(float... features) {
    return addNode("", features);
  }

  /**
   * Adds a node.
   *
   * @param name in the source of the graph; empty for none
   * @return its id
   * @throws BadInputException if there is a node of this name, or the features do not fit
   */
  public synchronized int addNode(String name, float... features) {
    float[] row = GraphVersion.rowOf(base.features(), features);
    GraphVersion.requireRoom(numNodes);
    if (!name.isEmpty()) {
      requireNewName(name);
      current.names().add(name, numNodes);
    }
    rows = rows.with(numNodes, new NodeRow(new int[0], row, name));
    return numNodes++;
  }

  private void requireNewName(String name) {
    boolean known =
        base.dictionary().map(it -> it.node(name).isPresent()).orElseGet(() -> isBaseId(name));
    if (known || current.names().node(name, Integer.MAX_VALUE).isPresent()) {
      throw BadInputException.of("there is a node of this name", "name", name);
    }
  }

  /** Whether it is the id of a node of the dataset, which is its name where it has no other. */
  private boolean isBaseId(String name) {
    return name.matches("0|[1-9][0-9]{0,9}") && Long.parseLong(name) < base.graph().numNodes();
  }

  /**
   * Adds an edge, if it is not there: {@code to} aggregates from {@code from}. A graph whose edges
   * have no direction needs both.
   *
   * @throws BadInputException if one is not a node
   */
  public synchronized void addEdge(int from, int to) {
    requireNode(from);
    requireNode(to);
    newEdges.computeIfAbsent(to, _ -> new ArrayList<>()).add(from);
  }

  private void requireNode(int node) {
    if (node < 0 || node >= numNodes) {
      throw BadInputException.of("no such node", "node", node, "numNodes", numNodes);
    }
  }

  /** Makes all that was added since the last commit visible, and returns that version. */
  public synchronized GraphVersion commit() {
    NodeTree<NodeRow> next = rows;
    for (Map.Entry<Integer, List<Integer>> entry : newEdges.entrySet()) {
      int node = entry.getKey();
      NodeRow row = next.get(node);
      int[] before = row.isChanged() ? row.neighbors() : current.neighbors(node);
      int[] added = entry.getValue().stream().mapToInt(Integer::intValue).toArray();
      int[] merged = RowOrder.merged(before, added);
      if (merged.length > before.length) {
        next = next.with(node, row.withNeighbors(merged));
      }
    }
    newEdges.clear();
    rows = next;
    current = new GraphVersion(base, current.number() + 1, numNodes, next, current.names());
    return current;
  }

  /**
   * Writes the newest version as a dataset. New nodes have no labels and are in no split. In a
   * dataset with names, a new node without one is named by its id, with underscores behind it if
   * another node has that name. Takes scratch files next to it of the size of graph and features;
   * readers and the writer go on.
   *
   * @param out must not exist; nothing is left there after a failure
   * @throws BadInputException if the dataset has edge attributes, which new edges would lack, or
   *     the files cannot be written
   */
  public DatasetDescription compact(Path out) {
    return VersionWriter.write(current, out);
  }
}
