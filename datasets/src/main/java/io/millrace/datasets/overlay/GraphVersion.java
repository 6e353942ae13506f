package io.millrace.datasets.overlay;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * One state of a graph: a dataset, and the nodes and edges that were added to it until then.
 *
 * <p>New nodes have the ids behind those of the dataset, in the order in which they came. Immutable
 * and shared by all threads, as long as the dataset is open.
 */
public final class GraphVersion {
  private final GraphDataset base;
  private final long number;
  private final int numNodes;
  private final NodeTree<NodeRow> rows;
  private final AddedNames names;

  GraphVersion(
      GraphDataset base, long number, int numNodes, NodeTree<NodeRow> rows, AddedNames names) {
    this.base = base;
    this.number = number;
    this.numNodes = numNodes;
    this.rows = rows;
    this.names = names;
  }

  /** A dataset as it is: version 0. */
  public static GraphVersion of(GraphDataset data) {
    return new GraphVersion(
        data, 0, data.graph().numNodes(), NodeTree.empty(NodeRow.UNCHANGED), new AddedNames());
  }

  /** The dataset below. */
  public GraphDataset base() {
    return base;
  }

  /** Rises by one with each commit, from 0. */
  public long number() {
    return number;
  }

  /** With the new nodes. */
  public int numNodes() {
    return numNodes;
  }

  /** How many nodes are new or have new neighbours. */
  public int numChanged() {
    return rows.size();
  }

  /** How many neighbours a node has. */
  public int degree(int node) {
    NodeRow row = row(node);
    return row.isChanged() ? row.neighbors().length : base.graph().degree(node);
  }

  /** The nodes that a node aggregates from; a copy. */
  public int[] neighbors(int node) {
    NodeRow row = row(node);
    return row.isChanged() ? row.neighbors().clone() : baseRow(node);
  }

  private int[] baseRow(int node) {
    long start = base.graph().rowStart(node);
    int[] neighbors = new int[base.graph().degree(node)];
    Arrays.setAll(neighbors, i -> base.graph().neighbor(start + i));
    return neighbors;
  }

  /** The node of a name, of the dataset or added. */
  public OptionalInt node(String name) {
    OptionalInt known =
        base.dictionary().map(names -> names.node(name)).orElseGet(OptionalInt::empty);
    return known.isPresent() ? known : names.node(name, numNodes);
  }

  /** The name of a node; where it has none, its id in digits. */
  public String name(int node) {
    if (node >= base.graph().numNodes()) {
      String name = row(node).name();
      return name.isEmpty() ? Integer.toString(node) : name;
    }
    return base.dictionary().map(it -> it.name(node)).orElseGet(() -> Integer.toString(node));
  }

  /** What differs from the dataset at a node. */
  @Internal
  public NodeRow row(int node) {
    return rows.get(node);
  }

  /**
   * This graph with nodes that nobody aggregates from, so that no answer for another node changes.
   * It bears this version's number.
   *
   * @throws BadInputException if features have another length than the dataset's, or are not
   *     finite, or a neighbour is no node
   */
  public GraphVersion with(List<NewNode> nodes) {
    NodeTree<NodeRow> more = rows;
    int id = numNodes;
    for (NewNode node : nodes) {
      requireIds(node.neighbors());
      requireRoom(id);
      float[] features = rowOf(base.features(), node.features());
      more = more.with(id++, new NodeRow(RowOrder.distinct(node.neighbors()), features, ""));
    }
    return new GraphVersion(base, number, id, more, names);
  }

  private void requireIds(int... ids) {
    for (int id : ids) {
      if (id < 0 || id >= numNodes) {
        throw BadInputException.of("no such node", "node", id, "numNodes", numNodes);
      }
    }
  }

  static void requireRoom(int id) {
    if (id == Integer.MAX_VALUE - 1) {
      throw BadInputException.of("a graph has fewer than 2^31 nodes", "nodes", id);
    }
  }

  NodeTree<NodeRow> rows() {
    return rows;
  }

  AddedNames names() {
    return names;
  }

  /** A checked copy, rounded as the dataset's features are. */
  static float[] rowOf(FeatureMatrix matrix, float[] features) {
    if (features.length != matrix.dim()) {
      throw BadInputException.of(
          "a node needs one value per feature column",
          "values",
          features.length,
          "columns",
          matrix.dim());
    }
    float[] row = features.clone();
    for (int c = 0; c < row.length; c++) {
      if (matrix.type() == FeatureType.FLOAT16) {
        row[c] = Float.float16ToFloat(Float.floatToFloat16(row[c]));
      }
      if (!Float.isFinite(row[c])) {
        throw BadInputException.of("features must be finite", "column", c, "value", features[c]);
      }
    }
    return row;
  }
}
