package io.millrace.spark.tables;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.GraphDataset;
import java.util.OptionalInt;

/** Which node of a dataset an id of a row means: its name, or its number if nodes have none. */
@Internal
public final class NodeKey {
  private NodeKey() {}

  /**
   * The node of an id.
   *
   * @throws BadInputException if there is none
   */
  public static int node(GraphDataset data, Object id) {
    OptionalInt node = OptionalInt.empty();
    if (id != null && data.dictionary().isPresent()) {
      node = data.dictionary().get().node(id.toString());
    } else if (id instanceof Number number) {
      long value = number.longValue();
      boolean isNode =
          value >= 0 && value < data.graph().numNodes() && number.doubleValue() == value;
      node = isNode ? OptionalInt.of((int) value) : OptionalInt.empty();
    }
    return node.orElseThrow(
        () -> BadInputException.of("the dataset has no such node", "id", String.valueOf(id)));
  }
}
