package io.millrace.cli;

import io.millrace.datasets.BadInputException;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GeneratorOptions;
import io.millrace.datasets.GraphGenerator;
import io.millrace.datasets.Progress;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The graph that {@code train} takes when none is given: a planted one, made once and then kept in
 * the cache, so that the first command works on a fresh machine and without a network.
 */
final class BuiltInGraph {
  private static final GeneratorOptions OPTIONS =
      GeneratorOptions.of(20_000, 200_000)
          .withUndirected(true)
          .withFeatures(64, FeatureType.FLOAT32)
          .withClasses(8)
          .withSeed(1);

  private BuiltInGraph() {}

  /** {@code $XDG_CACHE_HOME/millrace}, by default below {@code ~/.cache}. */
  static Path cache() {
    String given = System.getenv("XDG_CACHE_HOME");
    Path caches =
        given == null || given.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(given);
    return caches.resolve("millrace");
  }

  /** Where the graph is, or will be: each version of millrace has its own. */
  static Path directory() {
    return cache().resolve("builtin-" + Version.current());
  }

  /** Makes the graph if it is not there. */
  static Path make(Progress progress) {
    Path directory = directory();
    if (!Files.exists(directory)) {
      try {
        GraphGenerator.PLANTED.generate(OPTIONS, directory, progress);
      } catch (BadInputException e) {
        if (!Files.exists(directory)) { // or else another process was faster
          throw e;
        }
      }
    }
    return directory;
  }
}
