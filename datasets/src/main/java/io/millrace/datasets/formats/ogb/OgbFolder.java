package io.millrace.datasets.formats.ogb;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.IoErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the files of an OGB folder. A csv file may be compressed ({@code .csv.gz}) or not ({@code
 * .csv}).
 *
 * <pre>
 *   raw/                               {@link OgbCsv} or {@link OgbBinary}
 *   split/NAME/{train,valid,test}      one node per line (optional)
 * </pre>
 *
 * @param path the folder
 * @param split the folder of the chosen split; empty = there are no splits
 */
record OgbFolder(Path path, Optional<Path> split) {

  /**
   * @param splitName empty = the only one
   */
  static OgbFolder open(Path path, Optional<String> splitName) {
    if (!Files.isDirectory(path.resolve("raw"))) {
      throw BadInputException.of("not an OGB folder", "path", path, "missing", "raw");
    }
    return new OgbFolder(path, split(path.resolve("split"), splitName));
  }

  private static Optional<Path> split(Path folder, Optional<String> name) {
    List<String> names = Files.isDirectory(folder) ? folders(folder) : List.of();
    if (name.isPresent() && !names.contains(name.get())) {
      throw BadInputException.of(
          "no such split", "path", folder, "split", name.get(), "available", names);
    }
    if (name.isEmpty() && names.size() > 1) {
      throw BadInputException.of(
          "more than one split, name one of them", "path", folder, "splits", names);
    }
    return name.or(() -> names.stream().findFirst()).map(folder::resolve);
  }

  private static List<String> folders(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(Files::isDirectory)
          .map(entry -> entry.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw IoErrors.cannotRead(folder, e);
    }
  }

  /** A file below {@code raw} that must exist; {@code name} without its ending. */
  Path require(String name) {
    return require(path.resolve("raw"), name);
  }

  /** A file below {@code raw}, if it exists. */
  Optional<Path> find(String name) {
    return find(path.resolve("raw"), name);
  }

  static Path require(Path folder, String name) {
    return find(folder, name)
        .orElseThrow(
            () ->
                BadInputException.of(
                    "missing file", "file", folder.resolve(name + ".csv.gz"), "or", name + ".csv"));
  }

  private static Optional<Path> find(Path folder, String name) {
    return Stream.of(".csv.gz", ".csv")
        .map(ending -> folder.resolve(name + ending))
        .filter(Files::isRegularFile)
        .findFirst();
  }
}
