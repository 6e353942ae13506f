package io.millrace.bench.imports;

import io.millrace.Progress;
import io.millrace.bench.harness.Median;
import io.millrace.bench.harness.TemporaryFolder;
import io.millrace.datasets.csr.EdgeList;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.edgelist.EdgeListImporter;
import io.millrace.datasets.formats.edgelist.EdgeListOptions;
import io.millrace.datasets.formats.ids.NodeIdKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;

/**
 * Measures the import of a text table of edges on one thread and on several, next to {@link
 * PlainImport} in the same rounds: parsing alone, and the way from the file to a dataset directory.
 */
final class ImportContest {
  /** One that is measured: for a part of the work, on some threads. */
  record Contender(String part, String name, int numThreads) {}

  private final Path file;
  private final Path folder;
  private final NodeIdKind kind;
  private final EdgeListOptions options;
  private final Map<Contender, Runnable> contenders = new LinkedHashMap<>();
  private final Map<Contender, List<Double>> seconds = new LinkedHashMap<>();

  /**
   * @param numThreads that are measured next to one
   */
  ImportContest(Path file, Path folder, NodeIdKind kind, int numThreads) {
    this.file = file;
    this.folder = folder;
    this.kind = kind;
    options = EdgeListOptions.defaults().withIds(kind);
    List<Integer> threads = numThreads == 1 ? List.of(1) : List.of(1, numThreads);
    threads.forEach(t -> contenders.put(new Contender("parse", "millrace", t), this::parse));
    contenders.put(new Contender("parse", "plain", 1), () -> plain().parse(file).close());
    threads.forEach(t -> contenders.put(new Contender("import", "millrace", t), this::importIt));
    contenders.put(new Contender("import", "plain", 1), () -> plain().importTo(file, out()));
  }

  /** Median seconds of each contender, after one round to warm up. */
  Map<Contender, Double> run(int rounds, Progress progress) {
    for (int round = -1; round < rounds; round++) {
      int done = 0;
      for (Map.Entry<Contender, Runnable> entry : contenders.entrySet()) {
        String stage = round < 0 ? "warm up" : "round " + (round + 1);
        progress.update(stage, done++, contenders.size());
        double took = time(entry.getKey().numThreads(), entry.getValue());
        if (round >= 0) {
          seconds.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>()).add(took);
        }
        TemporaryFolder.delete(out());
      }
      progress.update(round < 0 ? "warm up" : "round " + (round + 1), done, contenders.size());
    }
    Map<Contender, Double> medians = new LinkedHashMap<>();
    seconds.forEach(
        (contender, values) ->
            medians.put(
                contender, Median.of(values.stream().mapToDouble(Double::doubleValue).toArray())));
    return medians;
  }

  /** The product runs on the threads of the pool that it is called in. */
  private static double time(int numThreads, Runnable work) {
    try (ForkJoinPool pool = new ForkJoinPool(numThreads)) {
      long start = System.nanoTime();
      pool.submit(work).join();
      return (System.nanoTime() - start) / 1e9;
    }
  }

  private PlainImport plain() {
    return new PlainImport(kind);
  }

  private void parse() {
    try (EdgeList edges = EdgeListImporter.readEdges(List.of(file), options, Progress.NONE)) {
      if (edges.size() == 0) {
        throw new IllegalStateException("no edges");
      }
    }
  }

  private void importIt() {
    EdgeListImporter.importFiles(
        List.of(file), options, out(), ImportOptions.defaults(), Progress.NONE);
  }

  private Path out() {
    return folder.resolve("dataset");
  }
}
