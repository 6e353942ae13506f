package io.millrace.datasets.platform;

import io.millrace.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checks that a file system has room for what is about to be written. Stateless. */
public final class DiskSpace {
  private DiskSpace() {}

  /**
   * @param folder where it is to be written; it need not exist yet
   * @throws BadInputException if less than {@code bytes} are free
   */
  public static void require(Path folder, long bytes) {
    long free = freeBytes(folder);
    if (bytes > free) {
      throw BadInputException.of(
          "not enough space on disk", "folder", folder, "needBytes", bytes, "freeBytes", free);
    }
  }

  /**
   * Bytes that this process can still write to the file system of a folder, or of the nearest
   * existing folder above it.
   */
  public static long freeBytes(Path folder) {
    Path existing = folder.toAbsolutePath();
    while (!Files.isDirectory(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    try {
      return Files.getFileStore(existing).getUsableSpace();
    } catch (IOException e) {
      throw IoErrors.cannotRead(existing, e);
    }
  }
}
