package io.millrace.training.files;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes what {@link SafetensorsFile} reads: DJL lays out the tensors, and the header gets the
 * metadata that DJL has none of. Stateless.
 */
final class SafetensorsWriter {
  private SafetensorsWriter() {}

  /** The bytes of a file that holds the float32 tensors under their names, and one string. */
  static byte[] encode(NDList tensors, String entry, String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      tensors.encode(out, NDList.Encoding.SAFETENSORS);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // cannot be: the stream is in memory
    }
    ByteBuffer plain = ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    byte[] names = new byte[Math.toIntExact(plain.getLong())];
    plain.get(names);

    JsonObject metadata = new JsonObject();
    metadata.addProperty(SafetensorsChecksum.KEY, SafetensorsChecksum.ZEROS);
    metadata.addProperty(entry, text);
    JsonObject header = new JsonObject();
    header.add(SafetensorsFile.METADATA, metadata);
    JsonObject described =
        JsonParser.parseString(new String(names, StandardCharsets.UTF_8)).getAsJsonObject();
    for (NDArray tensor : tensors) { // DJL has them in the order of a hash
      header.add(tensor.getName(), described.get(tensor.getName()));
    }
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    int padding = -json.length & 7;
    byte[] bytes =
        ByteBuffer.allocate(Long.BYTES + json.length + padding + plain.remaining())
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length + padding)
            .put(json)
            .put(" ".repeat(padding).getBytes(StandardCharsets.UTF_8))
            .put(plain)
            .array();
    return SafetensorsChecksum.complete(bytes);
  }
}
