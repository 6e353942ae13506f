package io.millrace.spark.tables;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.FileTree;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.UUID;

/**
 * A folder of the parts of arrays that the tasks of a job write next to each other, each partition
 * its own, and that are joined afterwards in the order of the partitions.
 *
 * <p>A part is written under a name of its attempt, forced to disk and renamed into place, so a
 * killed task leaves no half part, and the second copy of a task replaces equal bytes.
 */
final class Pieces implements Serializable {
  @Serial private static final long serialVersionUID = 1;
  private static final int BUFFER_BYTES = 1 << 20;

  private final String folder;

  private Pieces(String folder) {
    this.folder = folder;
  }

  /**
   * A new folder next to the directory that the pieces are for.
   *
   * @throws BadInputException if it cannot be made
   */
  static Pieces nextTo(Path out) {
    Path folder =
        out.toAbsolutePath()
            .resolveSibling("." + out.getFileName() + ".pieces-" + UUID.randomUUID());
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new BadInputException("cannot write: folder=" + folder + ", cause=" + e, e);
    }
    return new Pieces(folder.toString());
  }

  /** The part of an array that a partition has written. */
  Path part(String array, int partition) {
    return Path.of(folder, String.format(Locale.ROOT, "%s-%06d", array, partition));
  }

  /**
   * Begins a part.
   *
   * @throws UncheckedIOException if the folder is not there: on this machine it is another one
   */
  Writer write(String array, int partition) {
    return new Writer(part(array, partition));
  }

  /** Bytes of all parts of an array. */
  long bytes(String array, int numPartitions) {
    long sum = 0;
    for (int partition = 0; partition < numPartitions; partition++) {
      sum += size(part(array, partition));
    }
    return sum;
  }

  /**
   * @throws BadInputException if the part is not there
   */
  private static long size(Path part) {
    try {
      return Files.size(part);
    } catch (NoSuchFileException e) {
      throw new BadInputException(
          "driver and executors need a folder that all of them see: missing=" + part, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Deletes the folder. It gets another name first, because after a failure, or of a speculative
   * copy, tasks may still run, and they must find no folder to write into.
   */
  void delete() {
    Path renamed = Path.of(folder + ".deleted");
    try {
      Files.move(Path.of(folder), renamed, StandardCopyOption.ATOMIC_MOVE);
      FileTree.delete(renamed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes one part, little-endian. Used by one thread, which closes it. */
  static final class Writer implements AutoCloseable {
    private final Path target;
    private final Path temporary;
    private final OutputStream out;
    private boolean committed;

    private Writer(Path target) {
      this.target = target;
      temporary = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID());
      try {
        out = new BufferedOutputStream(Files.newOutputStream(temporary), BUFFER_BYTES);
      } catch (NoSuchFileException e) {
        throw new BadInputException(
            "driver and executors need a folder that all of them see: folder=" + target.getParent(),
            e);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void putInt(int value) throws IOException {
      out.write(value);
      out.write(value >>> 8);
      out.write(value >>> 16);
      out.write(value >>> 24);
    }

    void putLong(long value) throws IOException {
      putInt((int) value);
      putInt((int) (value >>> 32));
    }

    void putFloat(float value) throws IOException {
      putInt(Float.floatToRawIntBits(value));
    }

    void putBytes(byte[] bytes) throws IOException {
      out.write(bytes);
    }

    /** The part is complete. */
    void commit() throws IOException {
      out.close();
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      committed = true;
    }

    @Override
    public void close() throws IOException {
      out.close();
      if (!committed) {
        Files.deleteIfExists(temporary);
      }
    }
  }
}
