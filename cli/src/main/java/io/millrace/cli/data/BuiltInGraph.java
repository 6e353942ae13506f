package io.millrace.cli.data;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.Progress;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.StageProgress;
import io.millrace.cli.command.Version;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.StorageMode;
import io.millrace.datasets.generator.GeneratorOptions;
import io.millrace.datasets.generator.GraphGenerator;
import io.millrace.datasets.platform.FileTree;
import io.millrace.datasets.platform.PartialDirectory;
import io.millrace.datasets.platform.ProcessLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The graphs that commands take when none is given: made once and then kept in the cache, so that
 * the first command works on a fresh machine and without a network. That of {@code train} is a
 * planted one.
 */
public final class BuiltInGraph {
  private static final GeneratorOptions OPTIONS =
      GeneratorOptions.of(20_000, 200_000)
          .withUndirected(true)
          .withFeatures(64, FeatureType.FLOAT32)
          .withClasses(8)
          .withSeed(1);

  private static final Duration POLL = Duration.ofMillis(50);

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

  /** Where the graph of {@code train} is, or will be. */
  @Internal
  public static Path directory() {
    return directory("builtin", GraphGenerator.PLANTED, OPTIONS);
  }

  /** Each version of millrace has its own graphs, and so has whatever makes other files. */
  private static Path directory(String name, GraphGenerator kind, GeneratorOptions options) {
    int hash = (kind.label() + GraphGenerator.FORMAT + options).hashCode();
    return cache().resolve(Format.format("%s-%s-%08x", name, Version.current(), hash));
  }

  /** Makes the graph of {@code train} if it is not there, or if it is damaged. */
  public static Path make(Output output) {
    try (StageProgress progress = output.stages()) {
      return make("builtin", GraphGenerator.PLANTED, OPTIONS, progress);
    }
  }

  private static void deleteIfDamaged(Path directory, Progress progress) {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      GraphDataset.open(directory, StorageMode.MAPPED).close();
    } catch (BadInputException e) {
      progress.note("the built-in graph is damaged and is made again (" + e.getMessage() + ")");
      delete(directory);
    }
  }

  private static void delete(Path directory) {
    try {
      FileTree.delete(directory);
    } catch (IOException _) {
      throw BadInputException.of(
          "the built-in graph is damaged and cannot be deleted", "directory", directory);
    }
  }

  /**
   * Makes a graph in the cache if it is not there, or if it is damaged.
   *
   * @param name that its folder in the cache begins with
   * @return the dataset directory
   */
  public static Path make(
      String name, GraphGenerator kind, GeneratorOptions options, Progress progress) {
    Path directory = directory(name, kind, options);
    deleteIfDamaged(directory, progress);
    while (!Files.exists(directory)) {
      if (PartialDirectory.isBeingWritten(directory)) {
        ProcessLock.pause(POLL); // another process makes it
        continue;
      }
      try {
        kind.generate(options, directory, progress);
      } catch (BadInputException e) {
        if (!Files.exists(directory) && !PartialDirectory.isBeingWritten(directory)) {
          throw e;
        }
      }
    }
    return directory;
  }
}
