package io.millrace.bench.harness;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder for what a benchmark writes; gone when it is closed. */
public record TemporaryFolder(Path path) implements AutoCloseable {
  public static TemporaryFolder create(String name) {
    try {
      return new TemporaryFolder(Files.createTempDirectory("millrace-" + name));
    } catch (IOException e) {
      throw new BadInputException("no temporary folder can be made: cause=" + e.getMessage(), e);
    }
  }

  /** Deletes one of its folders, if that is there. */
  public static void delete(Path folder) {
    try {
      FileTree.delete(folder);
    } catch (IOException e) {
      throw new BadInputException("cannot delete: folder=" + folder, e);
    }
  }

  @Override
  public void close() {
    delete(path);
  }
}
