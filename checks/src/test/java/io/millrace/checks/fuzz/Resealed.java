package io.millrace.checks.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.millrace.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The description in a safetensors file, by itself: after it was damaged, the file gets the right
 * checksum again, as a stranger would give it.
 *
 * @param file its name
 * @param entry the name of the description in its metadata
 * @param bytes of the whole file
 */
record Resealed(String file, String entry, byte[] bytes) {
  private static final String TEXT = "description.json";
  private static final String METADATA = "__metadata__";
  private static final String SHA = "sha256";
  private static final String ZEROS = "0".repeat(64);
  private static final Gson PRETTY = new GsonBuilder().setPrettyPrinting().create();

  /**
   * @param reader of the folder of the file
   */
  Subject subject(String name, Subject.Reader reader) {
    return subject(name, description(), reader);
  }

  /** The same with another description. */
  Subject subject(String name, JsonObject description, Subject.Reader reader) {
    return new Subject(
        name,
        Folder.empty().with(TEXT, PRETTY.toJson(description)),
        false,
        (in, out) -> {
          Files.write(in.resolve(file), sealed(description(in.resolve(TEXT))));
          reader.read(in, out);
        });
  }

  private static String description(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw BadInputException.of("no description", "file", file);
    }
    return new String(Files.readAllBytes(file), UTF_8);
  }

  /** The whole description. */
  JsonObject description() {
    String text = header().getAsJsonObject(METADATA).get(entry).getAsString();
    return JsonParser.parseString(text).getAsJsonObject();
  }

  private int headerBytes() {
    return (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private JsonObject header() {
    String text = new String(bytes, Long.BYTES, headerBytes(), UTF_8);
    return JsonParser.parseString(text).getAsJsonObject();
  }

  private byte[] sealed(String text) {
    JsonObject header = header();
    JsonObject metadata = header.getAsJsonObject(METADATA);
    metadata.addProperty(SHA, ZEROS);
    metadata.addProperty(entry, text);
    byte[] json = header.toString().getBytes(UTF_8);
    int begin = Long.BYTES + headerBytes();
    byte[] all =
        ByteBuffer.allocate(Long.BYTES + json.length + bytes.length - begin)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .put(json)
            .put(bytes, begin, bytes.length - begin)
            .array();
    String key = "\"" + SHA + "\":\"";
    int at = new String(all, ISO_8859_1).indexOf(key + ZEROS) + key.length();
    byte[] digits = HexFormat.of().formatHex(sha256(all)).getBytes(UTF_8);
    System.arraycopy(digits, 0, all, at, digits.length);
    return all;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
