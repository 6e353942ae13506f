package io.millrace.datasets.platform;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Sizes and times of files while they are mapped. Reading a mapped file that was cut short ends the
 * process (SIGBUS). Code that begins a long read therefore checks here first, which takes one
 * system call per file. A file that is cut short between two checks still ends the process.
 * Immutable.
 */
@Internal
public record FileStamps(Map<Path, Stamp> stamps) {
  /** No files. */
  public static final FileStamps NONE = new FileStamps(Map.of());

  /**
   * @param bytes size
   * @param modified when it was last written to
   */
  public record Stamp(long bytes, FileTime modified) {}

  /** As the files are now. */
  public static FileStamps of(Collection<Path> files) {
    Map<Path, Stamp> stamps = new LinkedHashMap<>();
    for (Path file : files) {
      try {
        stamps.put(file, stamp(file));
      } catch (IOException e) {
        throw IoErrors.cannotRead(file, e);
      }
    }
    return new FileStamps(stamps);
  }

  private static Stamp stamp(Path file) throws IOException {
    BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
    return new Stamp(found.size(), found.lastModifiedTime());
  }

  /**
   * A file that was deleted or renamed stays readable through its mapping, and is not looked at.
   *
   * @throws BadInputException if a file has another size or was written to
   */
  public void requireUnchanged() {
    stamps.forEach(
        (file, before) -> {
          try {
            Stamp now = stamp(file);
            if (!now.equals(before)) {
              throw BadInputException.of(
                  "file was changed while it was in use",
                  "file",
                  file,
                  "bytes",
                  now.bytes,
                  "before",
                  before.bytes);
            }
          } catch (IOException _) {
            // deleted, or out of reach: the mapping holds its content
          }
        });
  }
}
