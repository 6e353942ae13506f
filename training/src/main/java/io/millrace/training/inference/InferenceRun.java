package io.millrace.training.inference;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.platform.Access;
import io.millrace.datasets.platform.DiskSpace;
import io.millrace.datasets.platform.ProcessLock;
import io.millrace.training.inference.chunks.PassFiles;
import io.millrace.training.inference.chunks.ResidentLimit;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Computes everything that the directory of an inference lacks, pass by pass.
 *
 * <p>If there are several processes, each computes the ranges of its shard, and before the next
 * pass it waits for the ranges of the others, because its next rows depend on them. A process that
 * waits takes over a shard that no process holds, because the lock of a dead process is free. A
 * crashed process therefore never blocks the others, and shards can also run one after the other.
 * Used by one thread, once.
 */
final class InferenceRun {
  private static final Duration POLL = Duration.ofMillis(50);

  /**
   * For this time after the start, a shard without a process is left to one that may still start.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private static final Duration REMINDER = Duration.ofSeconds(30);

  private final InferenceSetup setup;
  private final InferenceSettings settings;
  private final List<InferencePass> passes;
  private final WorkDirectory directory;
  private final InferenceListener listener;
  private final long startNanos = System.nanoTime();

  InferenceRun(
      InferenceSetup setup,
      List<InferencePass> passes,
      WorkDirectory directory,
      InferenceListener listener) {
    this.setup = setup;
    settings = setup.settings();
    this.passes = passes;
    this.directory = directory;
    this.listener = listener;
  }

  /** The figures of each pass; all are 0 for passes that were done before. */
  List<PassReport> compute() {
    Shard shard = settings.shard();
    if (!shard.isWhole()) {
      directory.take(shard, listener);
    }
    int first = firstIncomplete();
    requireSpace(first);
    CsrGraph graph = settings.data().graph();
    if (settings.mode() instanceof InferenceMode.Layerwise) {
      advise(graph, Access.SEQUENTIAL);
    }
    try {
      return compute(first);
    } finally {
      advise(graph, Access.ofRows(graph.indptr().byteSize() + graph.indices().byteSize()));
    }
  }

  private static void advise(CsrGraph graph, Access access) {
    access.advise(graph.indptr());
    access.advise(graph.indices());
  }

  private List<PassReport> compute(int first) {
    Shard shard = settings.shard();
    List<PassReport> reports = new ArrayList<>();
    try (ResidentLimit resident = new ResidentLimit(settings.data(), settings.mappedBytes())) {
      for (int p = 0; p < passes.size(); p++) {
        PassReport report =
            p < first ? PassReport.nothing(passes.get(p).name()) : pass(p, shard, resident);
        reports.add(report);
        if (p >= first) {
          listener.passDone(report);
        }
      }
    }
    return reports;
  }

  /** Computes the ranges of this shard in one pass; the pass before must be complete. */
  PassReport computeOwn(int p) {
    Shard shard = settings.shard();
    if (!shard.isWhole()) {
      directory.take(shard, listener);
    }
    try (ResidentLimit resident = new ResidentLimit(settings.data(), settings.mappedBytes())) {
      return pass(p, resident, input -> compute(passes.get(p), input, shard));
    }
  }

  /**
   * @throws BadInputException if a range is missing or damaged
   */
  List<PassReport> requireComplete() {
    for (int p = 0; p < passes.size(); p++) {
      if (isResult(p)) {
        requireComplete(passes.get(p));
      }
    }
    return passes.stream().map(pass -> PassReport.nothing(pass.name())).toList();
  }

  private static void requireComplete(InferencePass pass) {
    PassFiles files = pass.files();
    List<Integer> missing = files.ranges().all().filter(s -> !files.done(s)).boxed().toList();
    if (!missing.isEmpty()) {
      throw BadInputException.of(
          "not all shards are done",
          "pass",
          pass.name(),
          "missingRanges",
          missing.size(),
          "of",
          files.ranges().count(),
          "first",
          missing.getFirst());
    }
  }

  /**
   * The first pass that has to be computed. Passes before a complete one are no longer needed and
   * may have been deleted, except those that results are read from.
   */
  private int firstIncomplete() {
    for (int p = passes.size(); p > 0; p--) {
      int next = p;
      boolean complete =
          IntStream.range(0, passes.size())
              .filter(it -> it == next - 1 || it < next && isResult(it))
              .allMatch(it -> passes.get(it).files().allDone());
      if (complete) {
        return p;
      }
    }
    return 0;
  }

  /** Whether results are read from a pass's rows: those of the last pass, and embeddings. */
  private boolean isResult(int p) {
    return p == passes.size() - 1 || settings.embeddings() && p == passes.size() - 2;
  }

  /**
   * With one process, the rows of at most two passes exist at a time; with several, those of all
   * passes.
   */
  private void requireSpace(int first) {
    long need = 0;
    long all = 0;
    long before = 0;
    for (int p = first; p < passes.size(); p++) {
      long missing = passes.get(p).files().missingBytes();
      need = Math.max(need, before + missing);
      all += missing;
      before = missing;
    }
    DiskSpace.require(directory.resolve(""), settings.shard().isWhole() ? need : all);
  }

  private PassReport pass(int p, Shard shard, ResidentLimit resident) {
    InferencePass pass = passes.get(p);
    boolean isLast = p == passes.size() - 1;
    PassReport report =
        pass(
            p,
            resident,
            input -> {
              PassReport own = compute(pass, input, shard);
              return isLast ? own : own.plus(others(pass, input, shard));
            });
    if (shard.isWhole() && p > 0 && !isResult(p - 1)) {
      passes.get(p - 1).files().delete();
    }
    return report;
  }

  private PassReport pass(int p, ResidentLimit resident, Function<GraphDataset, PassReport> rows) {
    settings.data().requireUnchanged();
    InferencePass pass = passes.get(p);
    long start = System.nanoTime();
    PassReport report;
    try (Arena arena = Arena.ofShared()) {
      directory.create(pass.files());
      GraphDataset input = input(p, arena);
      report = resident.whileWatching(input.features().rows(), () -> rows.apply(input));
    } catch (BadInputException e) {
      throw orDiskFull(e, pass.files());
    }
    return report.seconds((System.nanoTime() - start) / 1e9);
  }

  /**
   * The graph and its edges with the dataset's features or the rows of the previous pass as
   * features; without labels.
   */
  private GraphDataset input(int p, Arena arena) {
    GraphDataset data = settings.data();
    boolean onDisk = data.features().file().isPresent();
    FeatureMatrix rows = p == 0 ? data.features() : passes.get(p - 1).files().rows(arena, onDisk);
    return GraphDataset.builder(data.name(), data.graph())
        .edges(data.edges())
        .features(rows)
        .build();
  }

  /** Computes the ranges of a shard that are missing or damaged. */
  private PassReport compute(InferencePass pass, GraphDataset input, Shard shard) {
    PassFiles files = pass.files();
    List<Integer> all = shard.of(files.ranges());
    List<Integer> missing = all.stream().filter(range -> !files.done(range)).toList();
    if (missing.isEmpty()) {
      return PassReport.nothing(pass.name());
    }
    long total = all.stream().mapToLong(files::numRows).sum();
    long before = total - missing.stream().mapToLong(files::numRows).sum();
    return new PassRun(setup, pass, input, missing)
        .run(done -> listener.progress(pass.name(), before + done, total));
  }

  /**
   * The error to report for a failed write: that the disk is full, if the free space is too small
   * for the missing rows.
   */
  private BadInputException orDiskFull(BadInputException failure, PassFiles files) {
    long need = files.missingBytes();
    long free = DiskSpace.freeBytes(files.folder());
    return !(failure.getCause() instanceof IOException) || free >= need
        ? failure
        : BadInputException.of(
            "the disk is full; the same command resumes once there is space",
            "folder",
            files.folder(),
            "needBytes",
            need,
            "freeBytes",
            free);
  }

  /**
   * Waits until the other shards' ranges are done, or computes those of shards that no process
   * holds.
   */
  private PassReport others(InferencePass pass, GraphDataset input, Shard own) {
    PassReport report = PassReport.nothing(pass.name());
    Set<Integer> missing = new HashSet<>();
    own.others().forEach(other -> missing.addAll(other.of(pass.files().ranges())));
    long told = System.nanoTime();
    while (true) {
      missing.removeIf(pass.files()::done);
      if (missing.isEmpty()) {
        return report;
      }
      long now = System.nanoTime();
      if (now - startNanos > PATIENCE.toNanos()) {
        report = report.plus(takeOver(pass, input, own, missing));
      }
      if (now - told > REMINDER.toNanos()) {
        told = now;
        listener.note("waiting for other processes: " + pass.name());
      }
      ProcessLock.pause(POLL);
    }
  }

  private PassReport takeOver(
      InferencePass pass, GraphDataset input, Shard own, Set<Integer> missing) {
    PassReport report = PassReport.nothing(pass.name());
    for (Shard other : own.others()) {
      boolean needed = other.of(pass.files().ranges()).stream().anyMatch(missing::contains);
      Optional<ProcessLock> lock = needed ? directory.tryTake(other) : Optional.empty();
      if (lock.isPresent()) {
        try (ProcessLock _ = lock.get()) {
          listener.note("no process has shard " + other + ": computing its " + pass.name());
          report = report.plus(compute(pass, input, other));
        }
      }
    }
    return report;
  }
}
