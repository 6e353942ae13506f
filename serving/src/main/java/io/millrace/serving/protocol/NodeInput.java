package io.millrace.serving.protocol;

import java.util.List;

/** Which nodes a request asks for. Immutable values; the arrays are not changed. */
public sealed interface NodeInput {
  /** How many there are. */
  int size();

  /** Nodes that the graph has. */
  record Known(NodeRefs nodes) implements NodeInput {
    @Override
    public int size() {
      return nodes.size();
    }
  }

  /**
   * Nodes that the graph does not have.
   *
   * @param features {@code [n x dim]}, row-major
   * @param neighbors what they aggregate from, node after node
   * @param bounds {@code [n + 1]}, where each node's neighbours begin and end
   */
  record Unknown(float[] features, NodeRefs neighbors, int[] bounds) implements NodeInput {
    @Override
    public int size() {
      return bounds.length - 1;
    }
  }

  /** Nodes by id or by name. */
  sealed interface NodeRefs {
    int size();

    /** Node ids. */
    record Ids(long[] ids) implements NodeRefs {
      @Override
      public int size() {
        return ids.length;
      }
    }

    /** Names in the source of the dataset. */
    record Names(List<String> names) implements NodeRefs {
      @Override
      public int size() {
        return names.size();
      }
    }
  }
}
