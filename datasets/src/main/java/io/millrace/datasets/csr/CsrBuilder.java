package io.millrace.datasets.csr;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.DatasetFile;
import io.millrace.datasets.DatasetWriter;
import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.npy.ArrayAppender;
import io.millrace.datasets.platform.AvailableMemory;
import io.millrace.datasets.platform.SpillFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;

/**
 * Builds a graph in compressed sparse row form from a stream of edges: the edge {@code src -> dst}
 * puts {@code src} into row {@code dst}. Rows are in ascending order of the sources or, with {@link
 * EdgeOptions#byTime}, of the times.
 *
 * <p>An external sort in two phases. Run generation: every block of edges that a source delivers is
 * sorted into a run. Runs stay in memory while there is room, the others go to a temporary file
 * ({@code RunGenerator}, {@code RunStore}). Merge: all runs are cut at the same keys, and the edges
 * between two cuts are merged and appended to the result ({@code MergePartitions}, {@code
 * RunMerger}). Both phases run on all cores. The result depends on neither the memory nor the
 * number of threads.
 *
 * <p>Edges are sorted by one key, the destination before the source, so a node with half of all
 * edges is cut like any other, and the bound on memory holds for any degrees. The creator closes
 * it.
 */
public final class CsrBuilder implements AutoCloseable {
  private final EdgeColumns columns;
  private final EdgeOptions options;
  private final SortMemory sizes;
  private final Progress progress;
  private final RunStore store;
  private final int numNodes;
  private final long numGiven;

  private CsrBuilder(
      EdgeSource source,
      int maxNodes,
      EdgeOptions options,
      SortMemory sizes,
      RunStore store,
      Progress progress) {
    this.columns = source.columns();
    this.options = options;
    this.sizes = sizes;
    this.store = store;
    this.progress = progress;
    RunGenerator reader = new RunGenerator(source, options, maxNodes, store, sizes, progress);
    reader.run();
    this.numNodes = reader.numNodes();
    this.numGiven = reader.numGiven();
  }

  /**
   * Reads a source to its end; {@link #writeTo} then writes the graph.
   *
   * @param maxNodes ids must be below: the number of nodes, or 2^31-2 if that is not known yet
   * @param memory edges beyond it go to a temporary file in the writer's directory
   * @throws BadInputException for the first edge with an id out of range; or, before anything is
   *     read, if the disk has no room for the graph and the temporary file
   */
  public static CsrBuilder read(
      EdgeSource source,
      int maxNodes,
      EdgeOptions options,
      BuildMemory memory,
      DatasetWriter writer,
      Progress progress) {
    SortMemory sizes = SortMemory.of(memory, source, options);
    DiskEstimate.of(source, maxNodes, options, sizes).require(writer.directory(), progress);
    return read(source, maxNodes, options, sizes, writer, progress);
  }

  public static CsrBuilder read(
      EdgeSource source,
      int maxNodes,
      EdgeOptions options,
      SortMemory sizes,
      DatasetWriter writer,
      Progress progress) {
    return read(
        source,
        maxNodes,
        options,
        sizes,
        new RunStore(sizes.storeBytes(), () -> SpillFile.create(writer.temporary("edges.sorted"))),
        progress);
  }

  private static CsrBuilder read(
      EdgeSource source,
      int maxNodes,
      EdgeOptions options,
      SortMemory sizes,
      RunStore store,
      Progress progress) {
    try {
      return new CsrBuilder(source, maxNodes, options, sizes, store, progress);
    } catch (RuntimeException | Error e) {
      store.close();
      throw e;
    }
  }

  /** The highest id of all edges, plus 1. */
  int numNodes() {
    return numNodes;
  }

  /** Edges that the source delivered. */
  public long numGiven() {
    return numGiven;
  }

  /**
   * Writes the files of the graph and of its edge attributes.
   *
   * @param numNodes at least {@link #numNodes}
   * @return edges of the graph
   */
  public long writeTo(DatasetWriter writer, int numNodes) {
    try (CsrFiles files = CsrFiles.create(writer, columns)) {
      long numEdges = merge(numNodes, files.arrays());
      if (options.byTime() && columns.times()) {
        files.sortByTime(columns, numNodes, progress);
      }
      files.finish(numNodes, numEdges, progress);
      return numEdges;
    } catch (IOException e) {
      throw writer.cannotWrite("graph", e);
    } catch (UncheckedIOException e) {
      throw writer.cannotWrite("graph", e.getCause());
    }
  }

  private long merge(int numNodes, Map<DatasetFile, ? extends ArrayAppender> arrays)
      throws IOException {
    List<SortedRun> runs = store.runs();
    try (CsrAppender output = new CsrAppender(numNodes, columns, arrays)) {
      new RunMerger(runs, columns, options, output, progress).run(sizes);
      output.finish();
      return output.numEdges();
    }
  }

  @Override
  public void close() {
    store.close();
  }

  /**
   * Builds a graph in memory.
   *
   * @param edges may be closed when this returns
   * @param arena holds the graph's memory
   * @throws BadInputException if an id is not in {@code [0, numNodes)}, or there is not enough
   *     memory: 8 bytes per given edge (the list), 12 per edge with its reverse, 8 per node
   */
  public static CsrGraph build(int numNodes, EdgeList edges, EdgeOptions options, Arena arena) {
    double withReverse = (options.addReverse() ? 2.0 : 1.0) * edges.size();
    double bytes = 12 * withReverse + 8.0 * numNodes;
    AvailableMemory.require(bytes, "the edges", "edges", edges.size(), "nodes", numNodes);
    EdgeSource source = edges.source();
    SortMemory sizes = SortMemory.inMemory(source, options);
    return build(numNodes, source, options, sizes, arena);
  }

  static CsrGraph build(
      int numNodes, EdgeSource source, EdgeOptions options, SortMemory sizes, Arena arena) {
    RunStore memory = RunStore.inMemory();
    try (CsrBuilder builder = read(source, numNodes, options, sizes, memory, Progress.NONE)) {
      long maxEdges = memory.numRecords();
      ArrayAppender.InMemory indptr = inMemory((numNodes + 1L) * Long.BYTES, arena);
      ArrayAppender.InMemory indices = inMemory(maxEdges * Integer.BYTES, arena);
      builder.merge(numNodes, Map.of(DatasetFile.INDPTR, indptr, DatasetFile.INDICES, indices));
      return CsrGraph.of(indptr.elements(), indices.elements());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ArrayAppender.InMemory inMemory(long bytes, Arena arena) {
    return new ArrayAppender.InMemory(arena.allocate(bytes, Long.BYTES));
  }

  /** A small graph on the heap from parallel arrays: edge {@code i} is {@code src[i] -> dst[i]}. */
  public static CsrGraph build(int numNodes, int[] src, int[] dst, EdgeOptions options) {
    if (src.length != dst.length) {
      throw BadInputException.of(
          "src and dst must have the same length", "src", src.length, "dst", dst.length);
    }
    try (EdgeList edges = new EdgeList();
        Arena arena = Arena.ofShared()) {
      for (int i = 0; i < src.length; i++) {
        edges.add(src[i], dst[i]);
      }
      CsrGraph graph = build(numNodes, edges, options, arena);
      return CsrGraph.of(graph.indptr().toArray(JAVA_LONG), graph.indices().toArray(JAVA_INT));
    }
  }
}
