package io.millrace.sweeps.pipeline;

import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.platform.Checksums;
import io.millrace.datasets.platform.IoErrors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file as it was when a step read or wrote it. Immutable.
 *
 * @param bytes size
 * @param modified when it was last written to
 * @param sha256 of its content; null where only size and time count
 */
record FileState(long bytes, String modified, String sha256) {
  /** Hidden files that a writer makes for itself, and that a killed one leaves. */
  private static final Pattern OF_WRITERS = Pattern.compile("\\.(.*\\.)?(writer|partial-[\\d-]+)");

  /**
   * The files of an output by their names in it, without those that writers make for themselves; a
   * file itself has the empty name. Empty if there is nothing.
   */
  static Map<String, FileState> ofOutput(Path output) {
    Map<String, FileState> states = new TreeMap<>();
    if (Files.exists(output)) {
      files(output, OF_WRITERS.asMatchPredicate())
          .forEach((name, file) -> states.put(name, of(file)));
    }
    return states;
  }

  /**
   * The files of an input without hidden ones, with their checksums. Those whose size and time are
   * as before are not read.
   *
   * @param before the states that were recorded
   * @throws io.millrace.BadInputException if a file cannot be read
   */
  static Map<String, FileState> ofInput(Path input, Map<String, FileState> before) {
    boolean isDataset = Files.exists(input.resolve(DatasetDescription.FILE_NAME));
    Map<String, FileState> states = new TreeMap<>();
    files(isDataset ? input.resolve(DatasetDescription.FILE_NAME) : input, it -> it.startsWith("."))
        .forEach((name, file) -> states.put(name, summed(file, before.get(name))));
    return states;
  }

  private static FileState summed(Path file, FileState before) {
    FileState now = of(file);
    boolean same = before != null && before.sha256 != null && now.looksLike(before);
    return new FileState(now.bytes, now.modified, same ? before.sha256 : Checksums.sha256Hex(file));
  }

  private static FileState of(Path file) {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return new FileState(found.size(), found.lastModifiedTime().toString(), null);
    } catch (IOException e) {
      throw IoErrors.cannotRead(file, e);
    }
  }

  private static Map<String, Path> files(Path place, Predicate<String> without) {
    Map<String, Path> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(place, FileVisitOption.FOLLOW_LINKS)) {
      all.filter(Files::isRegularFile)
          .filter(it -> it.equals(place) || !without.test(it.getFileName().toString()))
          .forEach(it -> files.put(place.relativize(it).toString(), it));
    } catch (IOException e) {
      throw IoErrors.cannotRead(place, e);
    } catch (UncheckedIOException e) { // of a folder in it, or of links in a circle
      throw IoErrors.cannotRead(place, e.getCause());
    }
    return files;
  }

  boolean looksLike(FileState other) {
    return bytes == other.bytes && modified.equals(other.modified);
  }

  /** The name of a file whose content changed, or which is only in one of the two. */
  static Optional<String> changed(Map<String, FileState> before, Map<String, FileState> now) {
    return Stream.concat(now.keySet().stream(), before.keySet().stream())
        .filter(name -> !sameContent(before.get(name), now.get(name)))
        .findFirst();
  }

  private static boolean sameContent(FileState a, FileState b) {
    return a != null && b != null && a.bytes == b.bytes && a.sha256.equals(b.sha256);
  }
}
