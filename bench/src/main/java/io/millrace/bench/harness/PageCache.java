package io.millrace.bench.harness;

import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.platform.CLibrary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the system keeps in memory of the files of a dataset (Linux). */
final class PageCache {
  private static final int FADV_DONTNEED = 4;

  private PageCache() {}

  /**
   * Takes the files of a dataset out of the page cache. Pages that another process has mapped stay.
   *
   * @param data the dataset, which is not in memory; no other thread reads it meanwhile
   * @param directory where it was opened
   * @throws BadInputException if this is not Linux
   */
  static void drop(GraphDataset data, Path directory) {
    if (!CLibrary.LINUX) {
      throw BadInputException.of(
          "only on Linux do files leave the page cache", "system", System.getProperty("os.name"));
    }
    unmap(data.graph().indptr());
    unmap(data.graph().indices());
    data.edges().all().values().forEach(PageCache::unmap);
    if (data.hasFeatures()) {
      unmap(data.rowsHere().rows());
    }
    files(directory).forEach(PageCache::drop);
  }

  /** Pages that are mapped do not leave the page cache; the next access maps them again. */
  private static void unmap(MemorySegment memory) {
    if (memory.isMapped()) {
      memory.unload();
    }
  }

  private static List<Path> files(Path directory) {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void drop(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      int descriptor = CLibrary.call("open", arena.allocateFrom(file.toString()), 0).orElse(-1);
      if (descriptor < 0) {
        throw BadInputException.of("cannot be opened", "file", file);
      }
      CLibrary.call("fsync", descriptor); // pages that are not yet on the disk would stay
      CLibrary.call("posix_fadvise", descriptor, 0L, 0L, FADV_DONTNEED);
      CLibrary.call("close", descriptor);
    }
  }
}
