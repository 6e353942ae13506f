package io.millrace.cli.host;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

/**
 * A .tar.gz file in the making: names with slashes, any length and size, and who may execute what;
 * links become the files that they lead to. One thread; complete once it is closed.
 */
final class TarGz implements AutoCloseable {
  private static final int READABLE = 0644;
  private static final int EXECUTABLE = 0755;

  private final TarArchiveOutputStream out;

  private TarGz(TarArchiveOutputStream out) {
    this.out = out;
    out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
  }

  static TarGz to(OutputStream file) throws IOException {
    GzipParameters parameters = new GzipParameters();
    parameters.setCompressionLevel(Deflater.BEST_COMPRESSION);
    return new TarGz(
        new TarArchiveOutputStream(
            new GzipCompressorOutputStream(new BufferedOutputStream(file), parameters)));
  }

  void addText(String name, String text) throws IOException {
    add(name, text.getBytes(StandardCharsets.UTF_8), READABLE);
  }

  void addScript(String name, String text) throws IOException {
    add(name, text.getBytes(StandardCharsets.UTF_8), EXECUTABLE);
  }

  private void add(String name, byte[] content, int mode) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    entry.setMode(TarArchiveEntry.DEFAULT_FILE_MODE & ~0777 | mode);
    out.putArchiveEntry(entry);
    out.write(content);
    out.closeArchiveEntry();
  }

  /** One file; it may be executed there if it may be here. */
  void addFile(Path file, String name) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(Files.size(file));
    int mode = Files.isExecutable(file) ? EXECUTABLE : READABLE;
    entry.setMode(TarArchiveEntry.DEFAULT_FILE_MODE & ~0777 | mode);
    out.putArchiveEntry(entry);
    Files.copy(file, out);
    out.closeArchiveEntry();
  }

  /** All files below a folder, through links too, in the order of their names. */
  void addFolder(Path folder, String name) throws IOException {
    List<Path> files;
    try (Stream<Path> paths = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      files = paths.filter(path -> !Files.isDirectory(path)).sorted().toList();
    } catch (UncheckedIOException e) { // a link to a folder above it
      throw e.getCause();
    }
    for (Path file : files) {
      addFile(file, name + "/" + folder.relativize(file).toString().replace('\\', '/'));
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
