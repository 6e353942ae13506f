package io.millrace.training;

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
import io.millrace.datasets.BadInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file of the safetensors format (https://github.com/huggingface/safetensors) with a checksum, as
 * {@link SafetensorsWriter} makes it.
 *
 * <pre>
 *   8 bytes   length of the header, little-endian
 *   header    JSON: type, shape and place of each tensor by its name, padded with spaces to a
 *             multiple of 8; its "__metadata__" maps names to strings, here an entry of the
 *             caller's, and "sha256"
 *   tensors   little-endian, one after the other
 * </pre>
 *
 * The checksum is that of the whole file with its own 64 digits taken as zeros, so it covers names
 * and shapes too. Everything in the header is checked before it is used: the file may be anybody's.
 * Immutable.
 */
final class SafetensorsFile {
  static final String METADATA = "__metadata__";
  static final String SHA256 = "sha256";
  static final String NO_CHECKSUM = "0".repeat(64);

  private static final Gson GSON = new Gson();
  private static final String FLOAT32 = "F32";

  private final byte[] bytes;
  private final int dataStart;
  private final Map<String, String> metadata;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  /**
   * A tensor as the header describes it.
   *
   * @param dataOffsets of its first byte and after its last, from where the tensors begin
   */
  private record Tensor(
      String dtype, List<Long> shape, @SerializedName("data_offsets") List<Long> dataOffsets) {

    /** One of ours: float32, at least one value, and all its bytes there. */
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

  private SafetensorsFile(byte[] bytes) {
    this.bytes = bytes;
    dataStart = Long.BYTES + headerBytes(bytes);
    String text = new String(bytes, Long.BYTES, headerBytes(bytes), StandardCharsets.UTF_8);
    if (!(JsonParser.parseString(text) instanceof JsonObject header)) {
      throw new JsonParseException("header is not an object");
    }
    metadata = GSON.fromJson(header.remove(METADATA), new TypeToken<Map<String, String>>() {});
    header.asMap().forEach((name, it) -> tensors.put(name, GSON.fromJson(it, Tensor.class)));
  }

  private static int headerBytes(byte[] bytes) {
    if (bytes.length < Long.BYTES) {
      throw new JsonParseException("no header");
    }
    long length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 0 || length > bytes.length - Long.BYTES) {
      throw new JsonParseException("header is longer than the file");
    }
    return (int) length;
  }

  /**
   * Reads a file and verifies it.
   *
   * @param path for messages
   * @param entry that its metadata must have
   * @throws BadInputException if the file is not of this format, or was changed since
   */
  static SafetensorsFile verified(Path path, byte[] bytes, String entry) {
    SafetensorsFile file;
    try {
      file = new SafetensorsFile(bytes);
    } catch (JsonParseException e) {
      throw new BadInputException("not a safetensors file: file=" + path, e);
    }
    String stored = file.metadata == null ? null : file.metadata.get(SHA256);
    if (stored == null || file.metadata.get(entry) == null) {
      throw BadInputException.of("not a model of millrace", "file", path);
    }
    String found = sha256(withChecksum(bytes, stored, NO_CHECKSUM));
    if (!stored.equals(found)) {
      throw BadInputException.of(
          "model is damaged, its checksum differs", "file", path, "found", found);
    }
    long dataBytes = bytes.length - (long) file.dataStart;
    file.tensors.forEach(
        (name, tensor) -> {
          if (tensor == null || !tensor.fits(dataBytes)) {
            throw BadInputException.of(
                "tensor must be float32 and lie within its file", "file", path, "tensor", name);
          }
        });
    return file;
  }

  /** The string that was stored with the tensors. */
  String text(String entry) {
    return metadata.get(entry);
  }

  /** The tensors under their names, owned by the manager. */
  NDList tensors(NDManager manager) {
    NDList arrays = new NDList(tensors.size());
    tensors.forEach(
        (name, tensor) -> {
          ByteBuffer values =
              ByteBuffer.wrap(bytes)
                  .slice(dataStart + (int) tensor.begin(), (int) (tensor.end() - tensor.begin()))
                  .order(ByteOrder.LITTLE_ENDIAN);
          NDArray array = manager.create(values, new Shape(tensor.shape), DataType.FLOAT32);
          array.setName(name);
          arrays.add(array);
        });
    return arrays;
  }

  /** A copy in which the checksum in the header, if it is this one, is replaced by another. */
  static byte[] withChecksum(byte[] bytes, String old, String replacement) {
    String key = "\"" + SHA256 + "\":\"";
    String header =
        new String(bytes, 0, Long.BYTES + headerBytes(bytes), StandardCharsets.ISO_8859_1);
    int at = header.indexOf(key + old + '"');
    byte[] changed = bytes.clone();
    if (at >= 0 && old.length() == replacement.length()) {
      byte[] digits = replacement.getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(digits, 0, changed, at + key.length(), digits.length);
    }
    return changed;
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
