package io.millrace.checks.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Texts of lists in lists, to be put in the place of JSON and YAML. */
final class Nested {
  private static final int DEPTH = 20_000; // more than a thread's stack has room for
  private static final String LISTS = "[".repeat(DEPTH) + "]".repeat(DEPTH);
  private static final String OBJECTS = "{\"a\": ".repeat(DEPTH) + "1" + "}".repeat(DEPTH);

  private Nested() {}

  /** Other contents of a file; none if it has no text that nests. */
  static List<byte[]> of(String path, byte[] bytes) {
    if (path.endsWith(".safetensors")) {
      return List.of(header(LISTS), header("{\"__metadata__\": " + OBJECTS + "}"));
    }
    if (!path.matches(".*[.](json|jsonl|yaml)")) {
      return List.of();
    }
    String text = new String(bytes, ISO_8859_1);
    String begin = text.substring(0, text.indexOf(':') + 1) + " ";
    String end = text.startsWith("{") ? "}" : "";
    return List.of((begin + LISTS + end).getBytes(ISO_8859_1), OBJECTS.getBytes(ISO_8859_1));
  }

  private static byte[] header(String text) {
    return ByteBuffer.allocate(Long.BYTES + text.length())
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length())
        .put(text.getBytes(ISO_8859_1))
        .array();
  }
}
