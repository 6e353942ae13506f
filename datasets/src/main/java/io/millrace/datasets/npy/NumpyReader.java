package io.millrace.datasets.npy;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.platform.InputLocation;
import io.millrace.datasets.platform.IoErrors;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipException;

/**
 * The elements of a numpy array of any type and size, as a stream: an {@code .npy} file or a member
 * of an {@link NpzFile}, read once from its beginning, in the order of the elements in the file.
 *
 * <p>Only a small buffer is in memory. After the last element it checks that the file ends. Errors
 * name the file and the element. Used by one thread, which closes it.
 */
@Internal
public final class NumpyReader implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final String place;
  private final InputStream in;
  private final NpyHeader header;
  private final NumpyType type;
  private final long numElements;
  private final ByteBuffer buffer;
  private long fetched;
  private long position;

  private NumpyReader(String place, InputStream in, long maxBytes) throws IOException {
    this.place = place;
    this.in = in;
    header = NpyHeader.read(place, in);
    type =
        NumpyType.parse(header.dtype())
            .orElseThrow(
                () ->
                    BadInputException.of(
                        "npy file must hold numbers", "file", place, "dtype", header.dtype()));
    numElements = header.numElements(place);
    if (numElements > Long.MAX_VALUE / type.bytes()) {
      throw BadInputException.of("npy shape is too large", "file", place, "shape", shape());
    }
    // So no caller allocates memory for more elements than the file can hold.
    if (numElements * type.bytes() > maxBytes - header.dataOffset()) {
      throw truncated(maxBytes - header.dataOffset());
    }
    buffer = ByteBuffer.allocate(BUFFER_BYTES).order(type.order()).limit(0);
    if (numElements == 0) {
      requireEnd();
    }
  }

  public static NumpyReader open(Path file) {
    IoErrors.requireRegular(file);
    try {
      return of(file.toString(), Files.newInputStream(file), Files.size(file));
    } catch (NoSuchFileException _) {
      throw BadInputException.of("missing file", "file", file);
    } catch (IOException e) {
      throw IoErrors.cannotRead(file, e);
    }
  }

  /**
   * @param place the name of the file in messages
   * @param in closed by the reader, also if this fails
   * @param maxBytes at least as many as {@code in} has
   */
  static NumpyReader of(String place, InputStream in, long maxBytes) {
    try {
      return new NumpyReader(place, in, maxBytes);
    } catch (IOException e) {
      closeAfter(in, e);
      throw damaged(place, e);
    } catch (RuntimeException | Error e) {
      closeAfter(in, e);
      throw e;
    }
  }

  private static void closeAfter(InputStream in, Throwable failure) {
    try {
      in.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** Elements per dimension. */
  public List<Long> shape() {
    return header.shape();
  }

  public long numElements() {
    return numElements;
  }

  /** Whether the first index varies fastest, if that makes a difference for this shape. */
  public boolean isTransposed() {
    return header.fortranOrder() && shape().stream().filter(size -> size > 1).count() > 1;
  }

  /** The number of elements read so far. */
  public long position() {
    return position;
  }

  /** Whether float32 holds every value of the elements' type. */
  public boolean fitsFloat32() {
    return type.bytes() <= (type.isFloat() ? Float.BYTES : Short.BYTES);
  }

  public NumpyReader requireIntegers() {
    if (type.isFloat()) {
      throw BadInputException.of(
          "npy file must hold integers", "file", place, "dtype", header.dtype());
    }
    return this;
  }

  /** Reads the next {@code length} elements, which must be integers that fit int64. */
  public void next(long[] values, int length) {
    for (int i = 0; i < length; i++) {
      ByteBuffer bytes = element();
      values[i] = type.integer(bytes);
      if (type.isUnsigned64() && values[i] < 0) {
        throw error(
            "element",
            position - 1,
            "value does not fit int64",
            "value",
            Long.toUnsignedString(values[i]));
      }
    }
  }

  /** Reads the next elements as float32, rounded to the nearest value or infinite. */
  public void next(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) type.number(element());
    }
  }

  /** Reads the next elements as float64. */
  public void next(double[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = next();
    }
  }

  /** Reads the next element as float64. */
  public double next() {
    return type.number(element());
  }

  private ByteBuffer element() {
    if (!buffer.hasRemaining()) {
      fill();
    }
    position++;
    return buffer;
  }

  private void fill() {
    int count = (int) Math.min(BUFFER_BYTES / type.bytes(), numElements - fetched);
    if (count == 0) {
      throw new IllegalStateException("all " + numElements + " elements are read: " + place);
    }
    try {
      int length = count * type.bytes();
      int read = in.readNBytes(buffer.array(), 0, length);
      if (read < length) {
        throw truncated(fetched * type.bytes() + read);
      }
      buffer.position(0).limit(length);
      fetched += count;
      if (fetched == numElements) {
        requireEnd();
      }
    } catch (IOException e) {
      throw damaged(place, e);
    }
  }

  private BadInputException truncated(long dataBytes) {
    return BadInputException.of(
        "npy data is truncated",
        "file",
        place,
        "shape",
        shape(),
        "dataBytes",
        dataBytes,
        "needBytes",
        numElements * type.bytes());
  }

  private void requireEnd() throws IOException {
    if (in.read() >= 0) {
      throw BadInputException.of(
          "npy file has bytes after its data", "file", place, "shape", shape());
    }
  }

  private static BadInputException damaged(String place, IOException e) {
    return switch (e) {
      case EOFException _ -> BadInputException.of("npz member is truncated", "file", place);
      case ZipException z ->
          BadInputException.of("npz member is damaged", "file", place, "cause", z.getMessage());
      default -> IoErrors.cannotRead(Path.of(place), e);
    };
  }

  /**
   * An error that names the file and a place in it.
   *
   * @param what how the place is counted, for instance "row"
   */
  public BadInputException error(String what, long index, String rule, Object... namesAndValues) {
    return InputLocation.error(rule, new Object[] {"file", place, what, index}, namesAndValues);
  }

  /** An error of the file as a whole. */
  public BadInputException wrongShape(String need) {
    return BadInputException.of(
        "npy file has the wrong shape", "file", place, "shape", shape(), "need", need);
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw damaged(place, e);
    }
  }
}
