package io.millrace.slicing.partition;

import io.millrace.Internal;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.platform.HugePages;
import io.millrace.slicing.FeatureStore;
import io.millrace.slicing.RowGather;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.LongAdder;

/**
 * Feature rows that are divided among ranks: a rank reads those of its own part, keeps copies of
 * the others' most probable ones, and fetches the rest. It gives the bytes that all rows in one
 * place would give.
 *
 * <p>{@link #gatherAhead} returns as soon as the requests are on their way; the rows that arrive go
 * to their places in the slot. Thread-safe. Owns the copies until {@link #close}; the rows of the
 * own part and the connections stay the caller's.
 */
@Internal
public final class PartitionedFeatures implements FeatureStore {
  /** Rows that are fetched at a time to be kept. */
  private static final int PIECE = 1 << 16;

  private final PartitionPlan plan;
  private final FeatureStore own;
  private final RemoteRows remote;
  private final long rowBytes;
  private final int anyOwn;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment copies;
  private final LongAdder numLocal = new LongAdder();
  private final LongAdder numCached = new LongAdder();
  private final LongAdder numRemote = new LongAdder();
  private final LongAdder fetchNanos = new LongAdder();

  /**
   * Fetches the rows to keep.
   *
   * @param own gathers rows of this rank's part; not asked for others
   * @param remote fetches rows of others, of the type of {@code own}
   */
  public PartitionedFeatures(PartitionPlan plan, FeatureStore own, RemoteRows remote) {
    this.plan = plan;
    this.own = own;
    this.remote = remote;
    rowBytes = (long) own.dim() * own.type().bytes();
    Assignment assignment = plan.assignment();
    int node = 0;
    while (node < assignment.numNodes() && assignment.of(node) != plan.own()) {
      node++;
    }
    anyOwn = node < assignment.numNodes() ? node : -1;
    try {
      copies = HugePages.allocate(Math.max(1, plan.cached().size() * rowBytes), arena);
      fill();
    } catch (Throwable t) {
      arena.close();
      throw t;
    }
  }

  private void fill() {
    Requests requests = new Requests(plan.assignment().numParts());
    int pending = 0;
    for (int node = 0; node < plan.cached().numNodes(); node++) {
      int place = plan.cached().place(node);
      if (place >= 0) {
        requests.add(plan.assignment().of(node), node, place);
        if (++pending == PIECE) {
          join(requests.send(copies));
          pending = 0;
        }
      }
    }
    join(requests.send(copies));
  }

  @Override
  public int dim() {
    return own.dim();
  }

  @Override
  public FeatureType type() {
    return own.type();
  }

  @Override
  public void gather(int[] nodes, int count, MemorySegment out) {
    join(gatherAhead(nodes, count, out));
  }

  private static void join(CompletableFuture<Void> rows) {
    try {
      rows.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  @Override
  public CompletableFuture<Void> gatherAhead(int[] nodes, int count, MemorySegment out) {
    Assignment assignment = plan.assignment();
    Requests requests = new Requests(assignment.numParts());
    int[] local = new int[count]; // where a row is not local, some row for now
    int[] cached = new int[count];
    int numHits = 0;
    int numFar = 0;
    for (int i = 0; i < count; i++) {
      int node = nodes[i];
      if (node < 0 || node >= assignment.numNodes()) {
        throw RowGather.outOfRange(nodes, i, assignment.numNodes());
      }
      int part = assignment.of(node);
      local[i] = part == plan.own() ? node : anyOwn;
      if (part != plan.own()) {
        if (plan.cached().contains(node)) {
          cached[numHits++] = i;
        } else {
          requests.add(part, node, i);
          numFar++;
        }
      }
    }
    if (anyOwn >= 0) {
      own.gather(local, count, out); // first: what arrives replaces what was written for now
    }
    for (int h = 0; h < numHits; h++) {
      int i = cached[h];
      long from = plan.cached().place(nodes[i]) * rowBytes;
      MemorySegment.copy(copies, from, out, i * rowBytes, rowBytes);
    }
    numLocal.add(count - numHits - numFar);
    numCached.add(numHits);
    numRemote.add(numFar);
    return numFar == 0 ? DONE : requests.send(out);
  }

  /** What was gathered so far, by all threads. */
  public RowCounts counts() {
    return new RowCounts(numLocal.sum(), numCached.sum(), numRemote.sum(), fetchNanos.sum());
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  /** Rows to be fetched, by owner. One thread. */
  private final class Requests {
    private final Rows[] byOwner;

    private Requests(int numParts) {
      byOwner = new Rows[numParts];
    }

    private void add(int owner, int node, int place) {
      if (byOwner[owner] == null) {
        byOwner[owner] = new Rows();
      }
      byOwner[owner].add(node, place);
    }

    private CompletableFuture<Void> send(MemorySegment out) {
      long begin = System.nanoTime();
      List<CompletableFuture<Void>> all = new ArrayList<>();
      for (int owner = 0; owner < byOwner.length; owner++) {
        Rows rows = byOwner[owner];
        byOwner[owner] = null;
        if (rows != null) {
          all.add(
              remote.fetch(
                  owner,
                  Arrays.copyOf(rows.nodes, rows.size),
                  Arrays.copyOf(rows.places, rows.size),
                  out));
        }
      }
      return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
          .whenComplete((_, _) -> fetchNanos.add(System.nanoTime() - begin));
    }
  }

  /** A growing list. */
  private static final class Rows {
    private int[] nodes = new int[64];
    private int[] places = new int[64];
    private int size;

    private void add(int node, int place) {
      if (size == nodes.length) {
        nodes = Arrays.copyOf(nodes, 2 * size);
        places = Arrays.copyOf(places, 2 * size);
      }
      nodes[size] = node;
      places[size++] = place;
    }
  }
}
