package io.millrace.datasets.platform;

import io.millrace.Internal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A file or a folder with everything in it. Stateless. */
@Internal
public final class FileTree {
  private FileTree() {}

  /**
   * Deletes the tree, if it is there. Links are deleted, not followed.
   *
   * @throws IOException if something cannot be deleted; what is already deleted stays so
   */
  public static void delete(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (UncheckedIOException e) { // of the walk
      throw e.getCause();
    }
  }
}
