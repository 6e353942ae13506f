package io.millrace.datasets;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.BadInputException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * The names of nodes as bytes, one behind the other. Immutable and shared by all threads.
 *
 * @param folder where they lie, for messages
 * @param offsets int64 {@code [N + 1]}: where each name begins
 * @param bytes the names
 */
record NodeNames(Path folder, MemorySegment offsets, MemorySegment bytes) {
  /**
   * Names in memory.
   *
   * @throws BadInputException if one is too long, or is no text because it has half a surrogate
   *     pair
   */
  static NodeNames of(String dataset, List<String> names) {
    long[] offsets = new long[names.size() + 1];
    for (int node = 0; node < names.size(); node++) {
      byte[] name = names.get(node).getBytes(StandardCharsets.UTF_8);
      requireText(dataset, node, names.get(node), name);
      offsets[node + 1] = offsets[node] + name.length;
    }
    MemorySegment bytes = Arena.ofAuto().allocate(offsets[names.size()]);
    for (int node = 0; node < names.size(); node++) {
      byte[] name = names.get(node).getBytes(StandardCharsets.UTF_8);
      MemorySegment.copy(name, 0, bytes, JAVA_BYTE, offsets[node], name.length);
    }
    return new NodeNames(Path.of(dataset), MemorySegment.ofArray(offsets), bytes);
  }

  private static void requireText(String dataset, int node, String name, byte[] utf8) {
    if (utf8.length > NodeDictionary.MAX_NAME_BYTES
        || !name.equals(new String(utf8, StandardCharsets.UTF_8))) {
      throw BadInputException.of(
          "name of a node must be text of a limited length",
          "dataset",
          dataset,
          "node",
          node,
          "bytes",
          utf8.length,
          "maxBytes",
          NodeDictionary.MAX_NAME_BYTES);
    }
  }

  int numNodes() {
    return (int) (offsets.byteSize() / Long.BYTES - 1);
  }

  byte[] bytes(int node) {
    return bytes.asSlice(start(node), start(node + 1L) - start(node)).toArray(JAVA_BYTE);
  }

  /** The order within a bucket: shorter names first, equally long ones by their unsigned bytes. */
  int compare(int node, int other) {
    return compare(node, bytes, start(other), start(other + 1L));
  }

  /** As {@link #compare(int, int)}, with a name that need not be there. */
  int compare(int node, byte[] name) {
    return compare(node, MemorySegment.ofArray(name), 0, name.length);
  }

  private int compare(int node, MemorySegment other, long from, long to) {
    long start = start(node);
    long end = start(node + 1L);
    if (end - start != to - from) {
      return Long.compare(end - start, to - from);
    }
    long at = MemorySegment.mismatch(bytes, start, end, other, from, to);
    return at < 0
        ? 0
        : Byte.compareUnsigned(bytes.get(JAVA_BYTE, start + at), other.get(JAVA_BYTE, from + at));
  }

  private long start(long node) {
    return offsets.getAtIndex(JAVA_LONG, node);
  }

  /** Every offset must lie in the bytes, none before the one before it. */
  void requireOffsets(Path file) {
    long last = 0;
    long bad = -1;
    for (long i = 0; i <= numNodes() && bad < 0; i++) {
      long offset = start(i);
      boolean inOrder =
          i == 0 ? offset == 0 : offset >= last && offset - last <= NodeDictionary.MAX_NAME_BYTES;
      bad = inOrder && offset <= bytes.byteSize() ? -1 : i;
      last = offset;
    }
    if (bad >= 0 || last != bytes.byteSize()) {
      throw BadInputException.of(
          "name offsets must rise from 0 to the number of bytes",
          "file",
          file,
          "position",
          bad < 0 ? numNodes() : bad,
          "bytes",
          bytes.byteSize());
    }
  }
}
