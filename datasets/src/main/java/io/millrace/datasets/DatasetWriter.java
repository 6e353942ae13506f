package io.millrace.datasets;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.npy.NpyType;
import io.millrace.datasets.npy.NpyWriter;
import io.millrace.datasets.platform.FileEntry;
import io.millrace.datasets.platform.IoErrors;
import io.millrace.datasets.platform.PartialDirectory;
import io.millrace.datasets.platform.YamlFields;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a dataset directory: arrays in any order, then {@link #commit} writes {@code
 * dataset.yaml}, forces everything to disk and renames the directory to its target.
 *
 * <p>Used by one thread. {@link #close} without a commit leaves nothing behind. The next class to
 * read is {@link PartialDirectory}.
 */
@Internal
public final class DatasetWriter implements AutoCloseable {
  private final PartialDirectory directory;
  private final Map<String, FileEntry> files = new TreeMap<>();

  private DatasetWriter(PartialDirectory directory) {
    this.directory = directory;
  }

  /**
   * @throws BadInputException if {@code out} exists, before anything is written
   */
  public static DatasetWriter create(Path out) {
    return new DatasetWriter(PartialDirectory.forTarget(out));
  }

  public void write(List<DatasetArray> parts) {
    parts.forEach(this::write);
  }

  public void write(DatasetArray part) {
    write(part.path(), part.type(), part.sizes(), file -> file.write(part.data()));
  }

  /** Writes one array whose elements {@code content} produces piece by piece. */
  public void write(String path, NpyType type, long[] shape, Content content) {
    Path file = Path.of(path);
    try {
      file = directory.resolve(path);
      try (NpyWriter writer = NpyWriter.create(file, type, shape)) {
        content.writeTo(writer);
        files.put(path, writer.finish());
      }
    } catch (IOException e) {
      throw IoErrors.cannotWrite(file, path, e);
    }
  }

  /**
   * Copies a file of another dataset.
   *
   * @param source its directory
   */
  public void copy(Path source, String path, FileEntry entry) {
    Path file = Path.of(path);
    try {
      file = directory.resolve(path);
      try (FileChannel from = FileChannel.open(source.resolve(path), StandardOpenOption.READ);
          FileChannel to =
              FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        for (long at = 0; at < entry.bytes(); ) {
          long copied = from.transferTo(at, entry.bytes() - at, to);
          if (copied == 0) {
            throw new IOException("the file of the source has become shorter");
          }
          at += copied;
        }
        to.force(true);
      }
      files.put(path, entry);
    } catch (IOException e) {
      throw IoErrors.cannotWrite(file, path, e);
    }
  }

  /** Where to write a file that {@link #add} lists in the end. */
  public Path resolve(String path) throws IOException {
    return directory.resolve(path);
  }

  /** A temporary file, which the caller deletes before {@link #commit}. */
  public Path temporary(String path) {
    try {
      return directory.resolve(path + ".tmp");
    } catch (IOException e) {
      throw cannotWrite(path, e);
    }
  }

  /** Where the files lie until {@link #commit}. */
  public Path directory() {
    return directory.path();
  }

  public BadInputException cannotWrite(String part, IOException e) {
    return IoErrors.cannotWrite(directory.path(), part, e);
  }

  /** Lists a file that has been written. */
  public void add(String path, FileEntry entry) {
    files.put(path, entry);
  }

  /**
   * @param description all but the files, which this writer adds
   * @return the description with its files
   * @throws BadInputException if it is longer than reading allows
   */
  public DatasetDescription commit(DatasetDescription description) {
    DatasetDescription complete = description.withFiles(files);
    ByteBuffer yaml =
        ByteBuffer.wrap(DescriptionYaml.write(complete).getBytes(StandardCharsets.UTF_8));
    if (yaml.limit() > YamlFields.MAX_BYTES) {
      throw BadInputException.of(
          "description is too long",
          "dataset",
          complete.name(),
          "bytes",
          yaml.limit(),
          "max",
          YamlFields.MAX_BYTES);
    }
    Path file = Path.of(DatasetDescription.FILE_NAME);
    try {
      file = directory.resolve(DatasetDescription.FILE_NAME);
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        while (yaml.hasRemaining()) {
          channel.write(yaml);
        }
        channel.force(true);
      }
      directory.commit();
      return complete;
    } catch (IOException e) {
      throw IoErrors.cannotWrite(file, DatasetDescription.FILE_NAME, e);
    }
  }

  @Override
  public void close() {
    directory.close();
  }

  /** Produces the elements of one array. */
  @FunctionalInterface
  public interface Content {
    void writeTo(NpyWriter writer) throws IOException;
  }
}
