package io.millrace.datasets.npy;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.platform.HugePages;
import io.millrace.datasets.platform.IoErrors;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The data of an npy file, mapped read-only; of any size.
 *
 * <p>Immutable and shared by all threads, valid until the arena it was mapped in is closed. The
 * class that writes such files is {@link NpyWriter}.
 *
 * @param file where it came from, for messages
 * @param shape elements per dimension
 * @param data the elements, little-endian, row-major: product of {@code shape} x {@code
 *     type.bytes()} bytes
 */
public record NpyArray(Path file, List<Long> shape, MemorySegment data) {

  /**
   * Maps a file that must hold an array of the given type and number of dimensions.
   *
   * @throws BadInputException if the file is missing, truncated or not an npy file, or its data is
   *     of another type, big-endian, in Fortran order, or of another rank
   */
  public static NpyArray map(Path file, NpyType type, int rank, Arena arena) {
    if (!Files.isRegularFile(file)) {
      throw BadInputException.of("missing file", "file", file);
    }
    try (FileChannel channel = FileChannel.open(file)) {
      NpyHeader header = NpyHeader.read(file, Channels.newInputStream(channel));
      require(file, header, type, rank);
      long dataBytes = dataBytes(file, header, type);
      long found = channel.size() - header.dataOffset();
      if (found != dataBytes) {
        throw BadInputException.of(
            found < dataBytes ? "npy data is truncated" : "npy file has bytes after its data",
            "file",
            file,
            "shape",
            header.shape(),
            "dataBytes",
            found,
            "needBytes",
            dataBytes);
      }
      MemorySegment whole = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return new NpyArray(file, header.shape(), whole.asSlice(header.dataOffset()));
    } catch (IOException e) {
      throw IoErrors.cannotRead(file, e);
    }
  }

  /** The number of dimensions in the header of a file. */
  @Internal
  public static int rank(Path file) {
    IoErrors.requireRegular(file);
    try (InputStream in = Files.newInputStream(file)) {
      return NpyHeader.read(file, in).shape().size();
    } catch (IOException e) {
      throw IoErrors.cannotRead(file, e);
    }
  }

  /** The same array in memory of the arena, on huge pages; the file is no longer needed. */
  @Internal
  public NpyArray copy(Arena arena) {
    return new NpyArray(file, shape, HugePages.allocate(data.byteSize(), arena).copyFrom(data));
  }

  private static void require(Path file, NpyHeader header, NpyType type, int rank) {
    String dtype = header.dtype();
    if (dtype.startsWith("|O") || dtype.equals("O")) {
      throw wrong("npy file holds Python objects", file, "dtype", dtype, type.descr());
    }
    if (header.fortranOrder()) {
      throw wrong("npy file is in Fortran order", file, "fortran_order", "True", "False");
    }
    if (dtype.startsWith(">")) {
      throw wrong("npy file is big-endian", file, "dtype", dtype, type.descr());
    }
    // '=' occurs only in hand-made headers; it means the byte order of the machine.
    if (!dtype.equals(type.descr()) && !dtype.equals("=" + type.descr().substring(1))) {
      throw wrong("npy file has the wrong dtype", file, "dtype", dtype, type.descr());
    }
    if (header.shape().size() != rank) {
      throw wrong(
          "npy file has the wrong number of dimensions", file, "shape", header.shape(), rank);
    }
    if (header.dataOffset() % type.bytes() != 0) {
      throw wrong("npy data is not aligned", file, "dataOffset", header.dataOffset(), type.bytes());
    }
  }

  private static BadInputException wrong(
      String rule, Path file, String name, Object found, Object need) {
    return BadInputException.of(rule, "file", file, name, found, "need", need);
  }

  private static long dataBytes(Path file, NpyHeader header, NpyType type) {
    long elements = header.numElements(file);
    if (elements > Long.MAX_VALUE / type.bytes()) {
      throw BadInputException.of("npy shape is too large", "file", file, "shape", header.shape());
    }
    return elements * type.bytes();
  }
}
