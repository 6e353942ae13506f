package io.millrace.datasets;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.platform.Parallel;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;

/**
 * The invariants of a dataset's values, each checked in one place: by {@link GraphDataset#open}, by
 * {@link GraphDataset.Builder} and by {@code DatasetInspector}.
 *
 * <p>{@code where} is the file, or the name of a dataset in memory. Every method scans on all cores
 * and throws {@link BadInputException} for the first broken position.
 */
@Internal
public final class DatasetChecks {
  /** Elements per task: some milliseconds of work. */
  private static final long STEP = 1 << 20;

  private DatasetChecks() {}

  /** Row bounds never fall and span less than 2^31; their ends are checked by {@link CsrGraph}. */
  static void indptrMonotone(Object where, CsrGraph graph) {
    MemorySegment indptr = graph.indptr();
    long bad =
        Parallel.first(
            graph.numNodes(),
            STEP,
            (from, to) -> {
              long start = indptr.getAtIndex(JAVA_LONG, from);
              for (long i = from; i < to; i++) {
                long end = indptr.getAtIndex(JAVA_LONG, i + 1);
                // The difference may overflow, so both bounds are compared.
                if (end < start || end - start > Integer.MAX_VALUE || start < 0) {
                  return i;
                }
                start = end;
              }
              return -1;
            });
    if (bad >= 0) {
      throw BadInputException.of(
          "indptr must not decrease, nor increase by 2^31 or more",
          "file",
          where,
          "node",
          bad,
          "start",
          indptr.getAtIndex(JAVA_LONG, bad),
          "end",
          indptr.getAtIndex(JAVA_LONG, bad + 1));
    }
  }

  static void neighborsInRange(Object where, CsrGraph graph) {
    long bad = outOfRange(graph.indices(), 0, graph.numNodes());
    if (bad >= 0) {
      throw BadInputException.of(
          "neighbour id out of range",
          "file",
          where,
          "position",
          bad,
          "id",
          graph.neighbor(bad),
          "numNodes",
          graph.numNodes());
    }
  }

  static void labelsInRange(Object where, NodeLabels labels) {
    if (labels.isMultiLabel()) {
      multiLabelsInRange(where, labels);
      return;
    }
    long bad = outOfRange(labels.values(), NodeLabels.UNLABELLED, labels.numClasses());
    if (bad >= 0) {
      throw BadInputException.of(
          "label out of range",
          "file",
          where,
          "node",
          bad,
          "label",
          labels.get((int) bad),
          "numClasses",
          labels.numClasses());
    }
  }

  /** Each is a finite number, or NaN. */
  static void targetsFinite(Object where, NodeLabels targets) {
    MemorySegment values = targets.values();
    long bad =
        Parallel.first(
            values.byteSize() / Float.BYTES,
            STEP,
            (from, to) -> {
              for (long i = from; i < to; i++) {
                if (Float.isInfinite(values.getAtIndex(JAVA_FLOAT, i))) {
                  return i;
                }
              }
              return -1;
            });
    if (bad >= 0) {
      throw BadInputException.of(
          "target must be finite, or NaN if it is not known",
          "file",
          where,
          "node",
          bad / targets.numClasses(),
          "column",
          bad % targets.numClasses());
    }
  }

  private static void multiLabelsInRange(Object where, NodeLabels labels) {
    MemorySegment values = labels.values();
    long bad =
        Parallel.first(
            values.byteSize(),
            STEP,
            (from, to) -> {
              for (long i = from; i < to; i++) {
                int value = values.get(JAVA_BYTE, i);
                if (value < NodeLabels.UNLABELLED || value > 1) {
                  return i;
                }
              }
              return -1;
            });
    if (bad >= 0) {
      throw BadInputException.of(
          "each of several labels must be 1, 0 or -1",
          "file",
          where,
          "node",
          bad / labels.numClasses(),
          "column",
          bad % labels.numClasses(),
          "label",
          values.get(JAVA_BYTE, bad));
    }
  }

  /** The first position whose value is not in {@code [min, end)}, or -1. */
  private static long outOfRange(MemorySegment values, int min, int end) {
    return Parallel.first(
        values.byteSize() / Integer.BYTES,
        STEP,
        (from, to) -> {
          for (long i = from; i < to; i++) {
            int value = values.getAtIndex(JAVA_INT, i);
            if (value < min || value >= end) {
              return i;
            }
          }
          return -1;
        });
  }

  /** Positions in the input are not negative; weights and features are finite; times are free. */
  static void edges(Path directory, EdgeAttributes edges) {
    EdgeColumns columns = edges.columns();
    if (columns.ids()) {
      MemorySegment ids = edges.ids();
      long size = ids.byteSize() / Long.BYTES;
      long bad = Parallel.first(size, STEP, (from, to) -> negative(ids, from, to));
      if (bad >= 0) {
        throw BadInputException.of(
            "edge id is negative",
            "file",
            directory.resolve(DatasetFile.EDGE_IDS.path()),
            "position",
            bad,
            "id",
            edges.id(bad));
      }
    }
    if (columns.weights()) {
      edgeValuesFinite(directory.resolve(DatasetFile.EDGE_WEIGHTS.path()), edges.weights(), 1);
    }
    if (columns.featureDim() > 0) {
      edgeValuesFinite(
          directory.resolve(DatasetFile.EDGE_FEATURES.path()),
          edges.features(),
          columns.featureDim());
    }
  }

  private static void edgeValuesFinite(Path file, MemorySegment values, int dim) {
    long size = values.byteSize() / Float.BYTES;
    long bad = Parallel.first(size, STEP, (from, to) -> notFinite32(values, from, to));
    if (bad >= 0) {
      throw BadInputException.of(
          "edge value is not finite",
          "file",
          file,
          "position",
          bad / dim,
          "column",
          bad % dim,
          "value",
          values.getAtIndex(JAVA_FLOAT, bad));
    }
  }

  private static long negative(MemorySegment values, long from, long to) {
    for (long i = from; i < to; i++) {
      if (values.getAtIndex(JAVA_LONG, i) < 0) {
        return i;
      }
    }
    return -1;
  }

  /** Parts are below their number, and one of them has as many nodes as rows. */
  static void assignment(Object where, int[] partOfNode, DatasetDescription.Part part) {
    int numRows = 0;
    for (int v = 0; v < partOfNode.length; v++) {
      if (partOfNode[v] < 0 || partOfNode[v] >= part.numParts()) {
        throw BadInputException.of(
            "a part must be below the number of parts",
            "file",
            where,
            "node",
            v,
            "part",
            partOfNode[v],
            "parts",
            part.numParts());
      }
      numRows += partOfNode[v] == part.number() ? 1 : 0;
    }
    if (numRows != part.numRows()) {
      throw BadInputException.of(
          "a part must have a row for each of its nodes",
          "file",
          where,
          "part",
          part.number(),
          "nodes",
          numRows,
          "rows",
          part.numRows());
    }
  }

  static void featuresFinite(Object where, FeatureMatrix features) {
    MemorySegment rows = features.rows();
    long size = (long) features.numNodes() * features.dim();
    long bad =
        switch (features.type()) {
          case FLOAT32 -> Parallel.first(size, STEP, (from, to) -> notFinite32(rows, from, to));
          case FLOAT16 -> Parallel.first(size, STEP, (from, to) -> notFinite16(rows, from, to));
        };
    if (bad >= 0) {
      int node = (int) (bad / features.dim());
      int column = (int) (bad % features.dim());
      throw BadInputException.of(
          "feature is not finite",
          "file",
          where,
          "node",
          node,
          "column",
          column,
          "value",
          features.get(node, column));
    }
  }

  private static long notFinite32(MemorySegment rows, long from, long to) {
    for (long i = from; i < to; i++) {
      if (!Float.isFinite(rows.getAtIndex(JAVA_FLOAT, i))) {
        return i;
      }
    }
    return -1;
  }

  /** A float16 is infinite or not a number exactly when all five bits of its exponent are set. */
  private static long notFinite16(MemorySegment rows, long from, long to) {
    for (long i = from; i < to; i++) {
      if ((rows.getAtIndex(JAVA_SHORT, i) & 0x7c00) == 0x7c00) {
        return i;
      }
    }
    return -1;
  }

  /** Ids in range, none twice inside a split, none in two splits. */
  public static void splits(Object where, Map<Split, int[]> splits, int numNodes) {
    Map<Split, BitSet> seen = new EnumMap<>(Split.class);
    for (Map.Entry<Split, int[]> entry : splits.entrySet()) {
      Split split = entry.getKey();
      int[] nodes = entry.getValue();
      BitSet members = new BitSet();
      for (int i = 0; i < nodes.length; i++) {
        int node = nodes[i];
        if (node < 0 || node >= numNodes) {
          throw broken("split node out of range", where, split, i, node, "numNodes", numNodes);
        }
        if (members.get(node)) {
          throw broken("node stands twice in a split", where, split, i, node, "numNodes", numNodes);
        }
        for (Map.Entry<Split, BitSet> other : seen.entrySet()) {
          if (other.getValue().get(node)) {
            String name = other.getKey().fileName();
            throw broken("splits overlap", where, split, i, node, "alsoIn", name);
          }
        }
        members.set(node);
      }
      seen.put(split, members);
    }
  }

  private static BadInputException broken(
      String rule, Object where, Split split, int position, int node, String name, Object value) {
    return BadInputException.of(
        rule,
        "dataset",
        where,
        "split",
        split.fileName(),
        "position",
        position,
        "node",
        node,
        name,
        value);
  }
}
