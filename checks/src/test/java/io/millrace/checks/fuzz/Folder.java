package io.millrace.checks.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Files in memory, to be written to a folder.
 *
 * @param files contents by path; a path that ends with a slash is a folder
 */
record Folder(Map<String, byte[]> files) {
  Folder {
    files = new TreeMap<>(files);
  }

  static Folder empty() {
    return new Folder(Map.of());
  }

  /** What lies there. */
  static Folder read(Path root) throws IOException {
    Folder folder = empty();
    try (Stream<Path> paths = Files.walk(root).filter(Files::isRegularFile)) {
      for (Path path : paths.toList()) {
        folder = folder.with(root.relativize(path).toString(), Files.readAllBytes(path));
      }
    }
    return folder;
  }

  Folder with(String path, byte[] bytes) {
    Map<String, byte[]> changed = new TreeMap<>(files);
    changed.put(path, bytes);
    return new Folder(changed);
  }

  Folder with(String path, String text) {
    return with(path, text.getBytes(UTF_8));
  }

  Folder withGzip(String path, String text) {
    try {
      return with(path, Packing.gzip(text.getBytes(UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Folder without(String path) {
    Map<String, byte[]> changed = new TreeMap<>(files);
    changed.remove(path);
    return new Folder(changed);
  }

  void writeTo(Path root) throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = root.resolve(file.getKey());
      if (file.getKey().endsWith("/")) {
        Files.createDirectories(path);
      } else {
        Files.createDirectories(path.getParent());
        Files.write(path, file.getValue());
      }
    }
  }
}
