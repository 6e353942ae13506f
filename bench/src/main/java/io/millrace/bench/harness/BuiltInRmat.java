package io.millrace.bench.harness;

import io.millrace.Progress;
import io.millrace.cli.data.BuiltInGraph;
import io.millrace.datasets.generator.GeneratorOptions;
import io.millrace.datasets.generator.GraphGenerator;
import java.nio.file.Path;

/** The graph that is measured when none is given: an undirected R-MAT graph, kept in the cache. */
public final class BuiltInRmat {
  private static final GeneratorOptions OPTIONS =
      GeneratorOptions.of(1 << 20, 16 << 20).withUndirected(true).withSeed(1);

  private BuiltInRmat() {}

  /** Makes the graph if it is not there, or if it is damaged; gives its directory. */
  public static Path make(Progress progress) {
    return BuiltInGraph.make("builtin-rmat", GraphGenerator.RMAT, OPTIONS, progress);
  }
}
