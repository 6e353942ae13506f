package io.millrace.training.files;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.annotations.SerializedName;
import com.google.gson.reflect.TypeToken;
import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.platform.IoErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A file of the safetensors format (https://github.com/huggingface/safetensors) with a checksum, as
 * {@code SafetensorsWriter} makes it.
 *
 * <pre>
 *   8 bytes   length of the header, little-endian
 *   header    JSON: type, shape and place of each tensor by its name, padded with spaces to a
 *             multiple of 8; its "__metadata__" maps names to strings, here an entry of the
 *             caller's, and "sha256"
 *   tensors   little-endian, one after the other
 * </pre>
 *
 * {@code SafetensorsChecksum} says what the checksum is of. Everything in the header is checked
 * before it is used: the file may be anybody's. Immutable.
 */
@Internal
public final class SafetensorsFile {
  static final String METADATA = "__metadata__";

  private static final Gson GSON = new Gson();

  /** A Java array holds no more. */
  private static final long MAX_BYTES = Integer.MAX_VALUE - 8L;

  /**
   * A tensor as the header describes it.
   *
   * @param dataOffsets of its first byte and after its last, from where the tensors begin
   */
  private record Entry(
      String dtype, List<Long> shape, @SerializedName("data_offsets") List<Long> dataOffsets) {
    private static final String FLOAT32 = "F32";

    /** Whether a training has written it: float32, at least one value, and all its bytes there. */
    boolean fits(long dataBytes) {
      if (!FLOAT32.equals(dtype) || shape == null || dataOffsets == null) {
        return false;
      }
      long numBytes = Float.BYTES;
      for (Long size : shape) {
        if (size == null || size < 1 || size > dataBytes || numBytes > dataBytes) {
          return false; // and so the product stays below 2^62
        }
        numBytes *= size;
      }
      return dataOffsets.size() == 2
          && !dataOffsets.contains(null)
          && 0 <= begin()
          && begin() <= end()
          && end() <= dataBytes
          && end() - begin() == numBytes;
    }

    long begin() {
      return dataOffsets.get(0);
    }

    long end() {
      return dataOffsets.get(1);
    }
  }

  private final Path path;
  private final String what;
  private final byte[] bytes;
  private final int dataStart;
  private final Map<String, String> metadata;
  private final Map<String, Entry> tensors = new LinkedHashMap<>();

  private SafetensorsFile(Path path, String what, byte[] bytes) {
    this.path = path;
    this.what = what;
    this.bytes = bytes;
    dataStart = Long.BYTES + headerBytes(bytes);
    String text = new String(bytes, Long.BYTES, headerBytes(bytes), StandardCharsets.UTF_8);
    if (!(JsonParser.parseString(text) instanceof JsonObject header)) {
      throw new JsonParseException("header is not an object");
    }
    metadata = GSON.fromJson(header.remove(METADATA), new TypeToken<Map<String, String>>() {});
    header.asMap().forEach((name, it) -> tensors.put(name, GSON.fromJson(it, Entry.class)));
  }

  /** The length of the header, which is within the file. */
  static int headerBytes(byte[] bytes) {
    if (bytes.length < Long.BYTES) {
      throw new JsonParseException("no header");
    }
    long length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 0 || length > bytes.length - Long.BYTES) {
      throw new JsonParseException("header is longer than the file");
    }
    return (int) length;
  }

  /** A file in memory, of bytes that {@code SafetensorsWriter} made. */
  static SafetensorsFile of(byte[] bytes, Path name) {
    return new SafetensorsFile(name, "file in memory", bytes);
  }

  /** The bytes of the whole file, which must not be changed. */
  byte[] bytes() {
    return bytes;
  }

  /**
   * Reads a file that anybody may have written.
   *
   * @param what it should hold, for messages
   * @throws BadInputException if there is none, or it is not of this format
   */
  static SafetensorsFile read(Path path, String what) {
    IoErrors.requireRegular(path);
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw BadInputException.of(what + " is too large", "file", path, "maxBytes", MAX_BYTES);
      }
      return parse(path, what, Files.readAllBytes(path));
    } catch (NoSuchFileException e) {
      throw new BadInputException("there is no " + what + ": file=" + path, e);
    } catch (IOException e) {
      throw new BadInputException(
          "%s cannot be read: file=%s, cause=%s".formatted(what, path, e), e);
    }
  }

  /**
   * A file that anybody may have written, in memory.
   *
   * @param path for messages
   * @param bytes which must not be changed afterwards
   * @throws BadInputException if it is not of this format
   */
  static SafetensorsFile parse(Path path, String what, byte[] bytes) {
    try {
      return new SafetensorsFile(path, what, bytes);
    } catch (JsonParseException e) {
      throw new BadInputException("not a safetensors file: file=" + path, e);
    }
  }

  /**
   * This file, after checking that Millrace wrote it and that it has not changed since.
   *
   * @param entry that its metadata must have
   * @throws BadInputException if not
   */
  SafetensorsFile verified(String entry) {
    String stored = metadata == null ? null : metadata.get(SafetensorsChecksum.KEY);
    if (stored == null || metadata.get(entry) == null) {
      throw BadInputException.of("not a " + what + " of millrace", "file", path);
    }
    String found = SafetensorsChecksum.of(bytes, stored);
    if (!stored.equals(found)) {
      throw BadInputException.of(
          what + " is damaged, its checksum differs", "file", path, "found", found);
    }
    tensors.keySet().forEach(this::requireFloats);
    return this;
  }

  private void requireFloats(String name) {
    Entry tensor = tensors.get(name);
    if (tensor == null || !tensor.fits(bytes.length - (long) dataStart)) {
      throw BadInputException.of(
          "tensor must be float32 and lie within its file", "file", path, "tensor", name);
    }
  }

  /**
   * Checks that weights are numbers: with one that is not, every prediction would be the same.
   *
   * @param some names of tensors
   * @throws BadInputException if one of them is not float32, or has a value that is NaN or infinite
   */
  void requireFinite(Collection<String> some) {
    for (String name : some) {
      requireFloats(name);
      Entry tensor = tensors.get(name);
      FloatBuffer values = values(tensor).asFloatBuffer();
      while (values.hasRemaining()) {
        if (!Float.isFinite(values.get())) {
          throw BadInputException.of(
              what + " has weights that are not finite", "file", path, "tensor", name);
        }
      }
    }
  }

  private ByteBuffer values(Entry tensor) {
    return ByteBuffer.wrap(bytes)
        .slice(dataStart + (int) tensor.begin(), (int) (tensor.end() - tensor.begin()))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The string that was stored with the tensors. */
  public String text(String entry) {
    return metadata.get(entry);
  }

  /** The names of the tensors, in the file's order. */
  public Set<String> names() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  /** All tensors under their names, owned by the manager. */
  public NDList tensors(NDManager manager) {
    return tensors(manager, names(), name -> name);
  }

  /**
   * Some tensors under new names, owned by the manager.
   *
   * @throws BadInputException if one of them is not float32 or does not lie within the file
   */
  public NDList tensors(NDManager manager, Collection<String> some, UnaryOperator<String> newName) {
    some.forEach(this::requireFloats); // before the first array is made
    NDList arrays = new NDList(some.size());
    for (String name : some) {
      Entry tensor = tensors.get(name);
      NDArray array = manager.create(values(tensor), new Shape(tensor.shape()), DataType.FLOAT32);
      array.setName(newName.apply(name));
      arrays.add(array);
    }
    return arrays;
  }
}
