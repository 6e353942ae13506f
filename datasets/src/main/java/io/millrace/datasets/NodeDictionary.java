package io.millrace.datasets;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.platform.Parallel;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The ids of the nodes in the source of a dataset, as text, in both directions.
 *
 * <pre>
 *   dictionary/name_offsets.npy   int64 [N + 1]   where each name begins in the bytes
 *   dictionary/name_bytes.npy     uint8 [B]       the names as UTF-8; an integer in decimal digits
 *   dictionary/nodes.chm                          name -> node, {@link NodeIndex}
 * </pre>
 *
 * <p>A name is read from the mapped arrays. The first lookup of a node by its name opens the index,
 * which needs the JVM flags of {@code build/jvm.flags}. Thread-safe; its {@link GraphDataset}
 * closes it. {@link DictionaryWriter} makes the files.
 */
public final class NodeDictionary implements AutoCloseable {
  /** The longest name of a node, in bytes of UTF-8. */
  public static final int MAX_NAME_BYTES = 1 << 16;

  private final MemorySegment offsets;
  private final MemorySegment bytes;
  private final Path indexFile;
  private final String indexChecksum;
  private NodeIndex index;

  NodeDictionary(MemorySegment offsets, MemorySegment bytes, Path indexFile, String indexChecksum) {
    this.offsets = offsets;
    this.bytes = bytes;
    this.indexFile = indexFile;
    this.indexChecksum = indexChecksum;
  }

  public int numNodes() {
    return (int) (offsets.byteSize() / Long.BYTES - 1);
  }

  /** The name of a node in the source. */
  public String name(int node) {
    return new String(key(node), StandardCharsets.UTF_8);
  }

  /** The node of a name, if there is one. */
  public OptionalInt node(String name) {
    byte[] key = name.getBytes(StandardCharsets.UTF_8);
    int node = index().node(key);
    if (node == NodeIndex.UNKNOWN) {
      return OptionalInt.empty();
    }
    if (node < 0 || node >= numNodes() || !name.equals(name(node))) {
      throw BadInputException.of(
          "dictionary is damaged", "file", indexFile, "name", name, "node", node);
    }
    return OptionalInt.of(node);
  }

  /** The node of an integer id, if there is one. */
  public OptionalInt node(long id) {
    return node(Long.toString(id));
  }

  byte[] key(int node) {
    long start = offsets.getAtIndex(JAVA_LONG, node);
    long end = offsets.getAtIndex(JAVA_LONG, node + 1L);
    return bytes.asSlice(start, end - start).toArray(JAVA_BYTE);
  }

  private synchronized NodeIndex index() {
    if (index == null) {
      index = NodeIndex.open(indexFile, indexChecksum);
    }
    return index;
  }

  /** Checks that every offset lies in the bytes and none is smaller than the one before it. */
  void requireOffsets(Path file) {
    long last = 0;
    long bad = -1;
    for (long i = 0; i <= numNodes() && bad < 0; i++) {
      long offset = offsets.getAtIndex(JAVA_LONG, i);
      boolean inOrder = i == 0 ? offset == 0 : offset >= last && offset - last <= MAX_NAME_BYTES;
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

  /** Checks that every name leads to its node. */
  public void requireIndex(Progress progress) {
    int numNodes = numNodes();
    progress.update("check dictionary", 0, numNodes); // opening it takes seconds
    NodeIndex nodes = index();
    AtomicInteger done = new AtomicInteger();
    Parallel.ranges(
        numNodes,
        NodeIndex.STEP,
        (from, to) -> {
          for (int node = (int) from; node < to; node++) {
            int found = nodes.node(key(node));
            if (found != node) {
              throw BadInputException.of(
                  "dictionary is damaged", "file", indexFile, "node", node, "found", found);
            }
          }
          synchronized (done) {
            progress.update("check dictionary", done.addAndGet((int) (to - from)), numNodes);
          }
        });
  }

  @Override
  public synchronized void close() {
    if (index != null) {
      index.close();
      index = null;
    }
  }
}
