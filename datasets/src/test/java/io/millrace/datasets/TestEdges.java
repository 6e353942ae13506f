package io.millrace.datasets;

import io.millrace.datasets.csr.EdgeBlock;
import io.millrace.datasets.csr.EdgeOptions;
import io.millrace.datasets.csr.EdgeSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Edges on the heap. What edge {@code i} carries follows from {@code i}: {@link #weight}, {@link
 * #time}, {@link #feature}. It can be read once.
 */
public final class TestEdges implements EdgeSource {
  /** Everything that edges can carry. */
  public static final EdgeColumns ALL = new EdgeColumns(true, true, true, 3);

  private final int[][] edges;
  private final EdgeColumns columns;
  private final AtomicLong next = new AtomicLong();

  public TestEdges(int[][] edges, EdgeColumns columns) {
    this.edges = edges;
    this.columns = columns;
  }

  /** Half of all edges go to one node, a fifth are the same edge; the rest follows a power law. */
  public static int[][] skewed(Random random, int numNodes, int numEdges) {
    int[][] edges = new int[numEdges][];
    int hub = random.nextInt(numNodes);
    for (int i = 0; i < numEdges; i++) {
      double u = random.nextDouble();
      int src = (int) (u * u * u * numNodes);
      int dst = random.nextInt(2) == 0 ? hub : random.nextInt(numNodes);
      edges[i] = random.nextInt(5) == 0 ? new int[] {hub / 2, hub} : new int[] {src, dst};
    }
    return edges;
  }

  public static float weight(long i) {
    return i * 0.5f;
  }

  public static long time(long i) {
    return -7 * (i / 3);
  }

  public static float feature(long i, int column) {
    return i + column * 0.25f;
  }

  @Override
  public long next(EdgeBlock block) {
    long start = next.getAndAdd(block.capacity());
    for (long i = start; i < edges.length && !block.isFull(); i++) {
      block.add(edges[(int) i][0], edges[(int) i][1]);
      if (columns.weights()) {
        block.weight(block.size() - 1, weight(i));
      }
      if (columns.times()) {
        block.time(block.size() - 1, time(i));
      }
      for (int column = 0; column < columns.featureDim(); column++) {
        block.feature(block.size() - 1, column, feature(i, column));
      }
    }
    return start < edges.length ? start : END;
  }

  @Override
  public long numEdges() {
    return edges.length;
  }

  @Override
  public EdgeColumns columns() {
    return columns;
  }

  /**
   * The rows as one would say it: {@code {source, position in the input}}, ascending, and with
   * duplicates dropped the first position of each source.
   */
  public static List<List<List<Long>>> rows(int numNodes, int[][] edges, EdgeOptions options) {
    List<TreeMap<Integer, List<Long>>> rows = new ArrayList<>();
    for (int v = 0; v < numNodes; v++) {
      rows.add(new TreeMap<>());
    }
    for (int i = 0; i < edges.length; i++) {
      int src = edges[i][0];
      int dst = edges[i][1];
      if (src != dst || !options.dropSelfLoops()) {
        rows.get(dst).computeIfAbsent(src, _ -> new ArrayList<>()).add((long) i);
      }
      if (src != dst && options.addReverse()) {
        rows.get(src).computeIfAbsent(dst, _ -> new ArrayList<>()).add((long) i);
      }
    }
    return rows.stream().map(row -> entries(row, options)).toList();
  }

  private static List<List<Long>> entries(TreeMap<Integer, List<Long>> row, EdgeOptions options) {
    List<List<Long>> entries = new ArrayList<>();
    row.forEach(
        (src, positions) ->
            positions.stream()
                .limit(options.dropDuplicates() ? 1 : Long.MAX_VALUE)
                .forEach(position -> entries.add(List.of((long) src, position))));
    if (options.byTime()) {
      entries.sort(
          Comparator.<List<Long>>comparingLong(entry -> time(entry.get(1)))
              .thenComparing(entry -> entry.get(1)));
    }
    return entries;
  }
}
