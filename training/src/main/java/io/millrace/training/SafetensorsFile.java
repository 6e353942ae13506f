package io.millrace.training;

import ai.djl.ndarray.NDList;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.millrace.datasets.BadInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The safetensors format (https://github.com/huggingface/safetensors) with a checksum.
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
 * and shapes too. DJL writes and reads the tensors, but no metadata. Stateless.
 */
final class SafetensorsFile {
  private static final int LENGTH_BYTES = 8;
  private static final String METADATA = "__metadata__";
  private static final String SHA256 = "sha256";
  private static final String ZEROS = "0".repeat(64);

  private SafetensorsFile() {}

  /** The bytes of a file that holds the tensors under their names, and one string. */
  static byte[] encode(NDList tensors, String entry, String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      tensors.encode(out, NDList.Encoding.SAFETENSORS);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // cannot be: the stream is in memory
    }
    byte[] plain = out.toByteArray();
    int dataStart = LENGTH_BYTES + headerBytes(plain);
    JsonObject header = new JsonObject();
    JsonObject metadata = new JsonObject();
    metadata.addProperty(SHA256, ZEROS);
    metadata.addProperty(entry, text);
    header.add(METADATA, metadata);
    header(plain).entrySet().forEach(it -> header.add(it.getKey(), it.getValue()));
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    int padding = -json.length & 7;
    ByteBuffer file =
        ByteBuffer.allocate(LENGTH_BYTES + json.length + padding + plain.length - dataStart)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length + padding)
            .put(json)
            .put(" ".repeat(padding).getBytes(StandardCharsets.UTF_8))
            .put(plain, dataStart, plain.length - dataStart);
    byte[] bytes = file.array();
    return withChecksum(bytes, ZEROS, sha256(bytes));
  }

  /**
   * The string that was stored with the tensors.
   *
   * @param path for messages
   * @throws BadInputException if the file is not of this format, or was changed since
   */
  static String verified(Path path, byte[] bytes, String entry) {
    JsonObject metadata;
    try {
      metadata = header(bytes).getAsJsonObject(METADATA);
    } catch (JsonParseException | IllegalStateException e) {
      throw new BadInputException("not a safetensors file: file=" + path, e);
    }
    if (metadata == null || !metadata.has(SHA256) || !metadata.has(entry)) {
      throw BadInputException.of("not a model of millrace", "file", path);
    }
    String stored = metadata.get(SHA256).getAsString();
    String found = sha256(withChecksum(bytes, stored, ZEROS));
    if (!stored.equals(found)) {
      throw BadInputException.of(
          "model is damaged, its checksum differs",
          "file",
          path,
          "expected",
          stored,
          "found",
          found);
    }
    return metadata.get(entry).getAsString();
  }

  private static int headerBytes(byte[] bytes) {
    if (bytes.length < LENGTH_BYTES) {
      throw new JsonParseException("no header");
    }
    long length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 0 || length > bytes.length - LENGTH_BYTES) {
      throw new JsonParseException("header longer than the file");
    }
    return (int) length;
  }

  private static JsonObject header(byte[] bytes) {
    int length = headerBytes(bytes);
    return JsonParser.parseString(new String(bytes, LENGTH_BYTES, length, StandardCharsets.UTF_8))
        .getAsJsonObject();
  }

  /** A copy in which the first occurrence of one checksum is replaced by another. */
  private static byte[] withChecksum(byte[] bytes, String old, String replacement) {
    String key = "\"" + SHA256 + "\":\"";
    String header =
        new String(bytes, 0, LENGTH_BYTES + headerBytes(bytes), StandardCharsets.ISO_8859_1);
    int at = header.indexOf(key + old) + key.length();
    byte[] changed = bytes.clone();
    System.arraycopy(
        replacement.getBytes(StandardCharsets.US_ASCII), 0, changed, at, replacement.length());
    return changed;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
