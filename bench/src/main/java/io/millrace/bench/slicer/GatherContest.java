package io.millrace.bench.slicer;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.bench.harness.Rounds;
import io.millrace.bench.harness.ThreadTeam;
import io.millrace.bench.sampler.Throughput;
import io.millrace.sampler.draw.BatchRandom;
import io.millrace.slicing.FeatureStore;
import io.millrace.slicing.GatherKind;
import io.millrace.slicing.disk.DiskFeatures;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Measures gathers of random rows on 1, 2, 4, ... threads, side by side: the product's in C, in
 * Java and, if the dataset is there, from disk, a plain copy of as many bytes (the ceiling), and
 * two in C of what others do.
 *
 * <p>All gather the same rows; each thread has batches and a slot of its own. Every gather's first
 * batch is compared with Java's. Closes what it compiled and allocated. The next classes to read
 * are {@link ReferenceC} and {@link GatherResult}.
 */
final class GatherContest implements AutoCloseable {
  static final String COPY = "copy";
  static final String JAVA = "java";
  static final String NATIVE = "native";
  static final String DISK = "disk";
  static final String C_PREFETCH = "c-prefetch";
  static final String C_FRESH = "c-fresh";

  private static final long PAGE_BYTES = 4096;

  /** One contender on so many threads. */
  record Turn(GatherTable table, String name, Gather gather, int numThreads) {}

  private final GatherSettings settings;
  private final Progress progress;
  private final Arena arena = Arena.ofShared();
  private final Optional<ReferenceC> reference; // none without a C compiler
  private final List<FeatureStore> stores = new ArrayList<>();

  GatherContest(GatherSettings settings, Progress progress) {
    this(settings, progress, ReferenceC::compile);
  }

  GatherContest(GatherSettings settings, Progress progress, Supplier<ReferenceC> compiling) {
    this.settings = settings;
    this.progress = progress;
    reference = compile(compiling, progress);
  }

  private static Optional<ReferenceC> compile(Supplier<ReferenceC> compiling, Progress progress) {
    try {
      return Optional.of(compiling.get());
    } catch (BadInputException e) {
      progress.note("without the contenders in C: " + e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * @param before comes before each measurement
   */
  GatherResult measure(List<GatherTable> tables, Runnable before) {
    MemorySegment[] slots = slots(tables);
    List<Turn> turns = new ArrayList<>();
    for (GatherTable table : tables) {
      Map<String, Gather> gathers = gathers(table);
      requireSameRows(table, gathers, slots[0]);
      for (int numThreads : Throughput.threadCounts(settings.maxThreads())) {
        gathers.forEach((name, gather) -> turns.add(new Turn(table, name, gather, numThreads)));
      }
    }
    Rounds.run("warm up", 1, turns, progress, (turn, _) -> run(turn, slots));
    GatherResult result = new GatherResult();
    Rounds.run(
        "measure",
        settings.numRounds(),
        turns,
        progress,
        (turn, _) -> {
          before.run();
          long rows = (long) settings.batchRows() * settings.numBatches() * turn.numThreads;
          result.add(turn, rows, run(turn, slots));
        });
    return result;
  }

  /** A slot for each thread, large enough for each table; touched once, as one that is reused. */
  private MemorySegment[] slots(List<GatherTable> tables) {
    long rowBytes = tables.stream().mapToLong(GatherTable::outRowBytes).max().orElseThrow();
    return IntStream.range(0, settings.maxThreads())
        .mapToObj(_ -> arena.allocate(rowBytes * settings.batchRows(), PAGE_BYTES))
        .toArray(MemorySegment[]::new);
  }

  private Map<String, Gather> gathers(GatherTable table) {
    Map<String, Gather> gathers = new LinkedHashMap<>();
    gathers.put(COPY, (nodes, slot) -> copy(table, nodes, slot));
    gathers.put(JAVA, product(table, GatherKind.JAVA));
    try {
      gathers.put(NATIVE, product(table, GatherKind.NATIVE));
    } catch (BadInputException e) {
      progress.note(e.getMessage());
    }
    if (table.rows().file().isPresent()) {
      FeatureStore disk = DiskFeatures.open(table.rows(), table.out());
      stores.add(disk);
      gathers.put(DISK, (nodes, slot) -> disk.gather(nodes, nodes.length, slot));
    }
    if (!table.widens()) {
      MemorySegment rows = table.rows().rows();
      long rowBytes = table.rows().rowBytes();
      reference.ifPresent(
          c -> {
            gathers.put(C_PREFETCH, (nodes, slot) -> c.prefetch(rows, rowBytes, nodes, slot));
            gathers.put(C_FRESH, (nodes, slot) -> c.fresh(rows, rowBytes, nodes, slot, _ -> {}));
          });
    }
    return gathers;
  }

  private static Gather product(GatherTable table, GatherKind kind) {
    FeatureStore store = FeatureStore.of(table.rows(), table.out(), kind);
    return (nodes, slot) -> store.gather(nodes, nodes.length, slot);
  }

  /**
   * As many bytes as arrive in the slot, in few pieces, from a place that the first row chooses.
   */
  private static void copy(GatherTable table, int[] nodes, MemorySegment slot) {
    MemorySegment rows = table.rows().rows();
    long bytes = (long) nodes.length * table.outRowBytes();
    long from = (long) nodes[0] * table.rows().rowBytes();
    for (long done = 0; done < bytes; ) {
      long piece = Math.min(bytes - done, rows.byteSize() - from);
      MemorySegment.copy(rows, from, slot, done, piece);
      done += piece;
      from = 0;
    }
  }

  private void requireSameRows(GatherTable table, Map<String, Gather> gathers, MemorySegment slot) {
    int[] nodes = nodes(table, 0, 0);
    MemorySegment out = slot.asSlice(0, (long) nodes.length * table.outRowBytes());
    gathers.get(JAVA).run(nodes, out);
    try (Arena copies = Arena.ofConfined()) {
      MemorySegment expected = copies.allocate(out.byteSize()).copyFrom(out);
      checked(table, gathers)
          .forEach(
              (name, gather) -> {
                out.fill((byte) 0);
                gather.run(nodes, out);
                if (out.mismatch(expected) >= 0) {
                  throw new IllegalStateException("gathers disagree: %s, java".formatted(name));
                }
              });
    }
  }

  /** All but the copy, which gathers other rows; what is fresh is copied before it is gone. */
  private Map<String, Gather> checked(GatherTable table, Map<String, Gather> gathers) {
    Map<String, Gather> checked = new LinkedHashMap<>(gathers);
    checked.remove(COPY);
    MemorySegment rows = table.rows().rows();
    long rowBytes = table.rows().rowBytes();
    checked.computeIfPresent(
        C_FRESH,
        (_, _) ->
            (nodes, out) ->
                reference.orElseThrow().fresh(rows, rowBytes, nodes, out, out::copyFrom));
    return checked;
  }

  /** Nanoseconds that all threads took for their batches. */
  private long run(Turn turn, MemorySegment[] slots) {
    int[][][] nodes = new int[turn.numThreads][settings.numBatches()][];
    for (int thread = 0; thread < turn.numThreads; thread++) {
      for (int batch = 0; batch < settings.numBatches(); batch++) {
        nodes[thread][batch] = nodes(turn.table, thread, batch);
      }
    }
    return ThreadTeam.run(
        turn.numThreads,
        thread -> {
          for (int[] batch : nodes[thread]) {
            turn.gather.run(batch, slots[thread]);
          }
        });
  }

  /** Random rows of the table, another list for each thread and batch. */
  private int[] nodes(GatherTable table, int thread, int batch) {
    long key = BatchRandom.key(BatchRandom.batchSeed(settings.seed(), thread, batch), 0);
    int numNodes = table.rows().numNodes();
    return IntStream.range(0, settings.batchRows())
        .map(i -> BatchRandom.bounded(key, i, numNodes))
        .toArray();
  }

  @Override
  public void close() {
    stores.forEach(FeatureStore::close);
    reference.ifPresent(ReferenceC::close);
    arena.close();
  }
}
