package io.millrace.spark.barrier;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.datasets.StorageMode;
import io.millrace.spark.tables.NodeDataFrame;
import io.millrace.spark.tables.NodeKey;
import io.millrace.spark.tables.SparkFailures;
import java.io.Serial;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Function1;
import scala.Function2;
import scala.reflect.ClassTag$;
import scala.runtime.BoxedUnit;

/**
 * Reads labels and splits from a table. Each partition becomes arrays of 9 bytes a row, which the
 * driver adds to those of all nodes and forgets, as tasks end; the result has 5 bytes for each node
 * of the graph.
 *
 * @param columns where they are
 * @param id index of that column
 * @param label index of that column; -1 = none
 * @param split index of that column; -1 = none
 */
@Internal
public record NodeRoleRows(Columns columns, int id, int label, int split) implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  /**
   * Where roles are.
   *
   * @param label empty = labels are the dataset's
   * @param split empty = a share of the rows is for validation
   * @param validationFraction that share
   */
  public record Columns(
      String dataset, String id, String label, String split, double validationFraction, long seed)
      implements Serializable {
    @Serial private static final long serialVersionUID = 1;
  }

  /** Of some rows: node, class and split plus 1 of each. */
  private record Part(int numNodes, int numClasses, int[] nodes, int[] classes, byte[] splits)
      implements Serializable {
    @Serial private static final long serialVersionUID = 1;
  }

  /** The roles in a table; the dataset's if it has neither labels nor splits. */
  public static NodeRoles of(Dataset<Row> rows, Columns columns) {
    if (columns.label().isEmpty() && columns.split().isEmpty()) {
      return NodeRoles.OF_DATASET;
    }
    double share = columns.validationFraction();
    if (!(share > 0 && share < 1)) {
      throw BadInputException.of("must be between 0 and 1", "validationFraction", share);
    }
    NodeRoleRows reader =
        new NodeRoleRows(
            columns,
            rows.schema().fieldIndex(columns.id()),
            columns.label().isEmpty() ? -1 : rows.schema().fieldIndex(columns.label()),
            columns.split().isEmpty() ? -1 : rows.schema().fieldIndex(columns.split()));
    RDD<Part> parts = rows.javaRDD().mapPartitions(reader::read).rdd();
    Joined joined = new Joined(!columns.label().isEmpty());
    Function2<Object, Part, BoxedUnit> add =
        (_, part) -> {
          joined.add(part);
          return BoxedUnit.UNIT;
        };
    try {
      parts
          .sparkContext()
          .runJob(
              parts,
              (Function1<scala.collection.Iterator<Part>, Part> & Serializable) it -> it.next(),
              add,
              ClassTag$.MODULE$.apply(Part.class));
      return joined.roles();
    } catch (Exception e) { // Spark throws checked ones without saying so
      throw SparkFailures.cause(e);
    }
  }

  private Iterator<Part> read(Iterator<Row> rows) {
    try (GraphDataset data = GraphDataset.open(Path.of(columns.dataset()), StorageMode.MAPPED)) {
      List<String> names = data.hasLabels() ? data.labels().classNames() : List.of();
      int[] nodes = new int[1 << 10];
      int[] classes = new int[nodes.length];
      byte[] splits = new byte[nodes.length];
      int size = 0;
      int largest = -1;
      while (rows.hasNext()) {
        if (size == nodes.length) {
          nodes = Arrays.copyOf(nodes, size * 2);
          classes = Arrays.copyOf(classes, size * 2);
          splits = Arrays.copyOf(splits, size * 2);
        }
        Row row = rows.next();
        Object key = row.get(id);
        nodes[size] = NodeKey.node(data, key);
        if (label >= 0) {
          classes[size] = classOf(row.get(label), names, key);
          largest = Math.max(largest, classes[size]);
        }
        splits[size] = split(row, nodes[size], key);
        size++;
      }
      int numClasses = data.hasLabels() ? data.labels().numClasses() : 0;
      return List.of(
              new Part(
                  data.graph().numNodes(),
                  Math.max(numClasses, largest + 1),
                  Arrays.copyOf(nodes, size),
                  label < 0 ? new int[0] : Arrays.copyOf(classes, size),
                  Arrays.copyOf(splits, size)))
          .iterator();
    }
  }

  private static int classOf(Object value, List<String> names, Object key) {
    int found = NodeDataFrame.label(value, names, key);
    if (found < 0 && value instanceof String name && !name.isBlank()) {
      throw BadInputException.of("the dataset has no such class", "id", key, "label", name);
    }
    return found;
  }

  private byte split(Row row, int node, Object key) {
    if (split < 0) {
      long seed = columns.seed() * 0x9E3779B97F4A7C15L + node;
      boolean valid = new SplittableRandom(seed).nextDouble() < columns.validationFraction();
      return code(Optional.of(valid ? Split.VALID : Split.TRAIN));
    }
    Object value = row.get(split);
    return code(NodeDataFrame.split(value == null ? null : value.toString(), key));
  }

  private static byte code(Optional<Split> split) {
    return (byte) split.map(it -> it.ordinal() + 1).orElse(0).intValue();
  }

  /** The roles of all nodes, to which parts are added as tasks end, in any order. */
  private static final class Joined {
    private final boolean labelled;
    private final BitSet seen = new BitSet();
    private int[] labels = new int[0];
    private byte[] splits = new byte[0];
    private int numClasses;

    Joined(boolean labelled) {
      this.labelled = labelled;
    }

    void add(Part part) {
      if (splits.length == 0) {
        splits = new byte[part.numNodes()];
        labels = new int[labelled ? part.numNodes() : 0];
        Arrays.fill(labels, NodeLabels.UNLABELLED);
      }
      numClasses = Math.max(numClasses, part.numClasses());
      for (int i = 0; i < part.nodes().length; i++) {
        int node = part.nodes()[i];
        if (seen.get(node)) {
          throw BadInputException.of("a node is in two rows", "node", node);
        }
        seen.set(node);
        splits[node] = part.splits()[i];
        if (labelled) {
          labels[node] = part.classes()[i];
        }
      }
    }

    NodeRoles roles() {
      return new NodeRoles(labels, splits, numClasses);
    }
  }
}
