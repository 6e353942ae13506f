package io.millrace.serving.http;

import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeDictionary;
import io.millrace.datasets.overlay.NewNode;
import io.millrace.serving.protocol.NodeInput;
import io.millrace.serving.protocol.RequestException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Ids and names of requests to nodes of the graph. Thread-safe.
 *
 * @param data the graph
 */
record NodeResolver(GraphDataset data) {
  int[] nodes(NodeInput.NodeRefs refs) {
    return switch (refs) {
      case NodeInput.NodeRefs.Ids ids -> Arrays.stream(ids.ids()).mapToInt(this::node).toArray();
      case NodeInput.NodeRefs.Names names -> names.names().stream().mapToInt(this::node).toArray();
    };
  }

  private int node(long id) {
    int numNodes = data.graph().numNodes();
    if (id < 0 || id >= numNodes) {
      throw RequestException.of(400, "no such node", "node", id, "numNodes", numNodes);
    }
    return (int) id;
  }

  private int node(String name) {
    NodeDictionary names =
        data.dictionary()
            .orElseThrow(
                () -> RequestException.bad("the dataset has no names, nodes have ids: INT64"));
    return names
        .node(name)
        .orElseThrow(() -> RequestException.of(400, "no such node", "name", name));
  }

  List<NewNode> newNodes(NodeInput.Unknown input) {
    int[] neighbors = nodes(input.neighbors());
    int numNodes = input.size();
    int dim = data.features().dim();
    if (input.features().length != (long) numNodes * dim) {
      throw RequestException.of(
          400,
          "features must have a column for each of the dataset",
          "values",
          input.features().length,
          "nodes",
          numNodes,
          "columns",
          dim);
    }
    List<NewNode> nodes = new ArrayList<>();
    for (int i = 0; i < numNodes; i++) {
      nodes.add(
          new NewNode(
              Arrays.copyOfRange(input.features(), i * dim, (i + 1) * dim),
              Arrays.copyOfRange(neighbors, input.bounds()[i], input.bounds()[i + 1])));
    }
    return nodes;
  }
}
