package io.millrace.datasets;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.Progress;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * The ids of the nodes in the source of a dataset, as text, in both directions.
 *
 * <pre>
 *   dictionary/name_offsets.npy    int64 [N + 1]   where each name begins in the bytes
 *   dictionary/name_bytes.npy      uint8 [B]       the names as UTF-8; an integer in decimal digits
 *   dictionary/bucket_starts.npy   int32 [2^b + 1]
 *   dictionary/bucket_nodes.npy    int32 [N]       name -> node, {@code NameIndex}
 * </pre>
 *
 * <p>Both directions are read from the mapped arrays, and nothing writes to them. So several
 * processes may read one dataset, a read-only one too, and may be killed at any moment. The index
 * follows from the names and is not part of the fingerprint. It is kept on disk, because making it
 * reads all names: ten of a hundred million names are then found without that.
 *
 * <p>An older dataset has no index but a file {@code nodes.chm}, which is never parsed. Its index
 * is made in memory by the first lookup of a name; a dataset that is saved again has one.
 *
 * <p>Thread-safe; usable until its {@link GraphDataset} is closed. {@link DictionaryWriter} makes
 * the files.
 */
public final class NodeDictionary {
  /** The longest name of a node, in bytes of UTF-8. */
  public static final int MAX_NAME_BYTES = 1 << 16;

  private final NodeNames names;
  private final Function<Progress, NameIndex> makeIndex;
  private NameIndex index;

  /**
   * @param makeIndex called once, by the first lookup of a name
   */
  NodeDictionary(NodeNames names, Function<Progress, NameIndex> makeIndex) {
    this.names = names;
    this.makeIndex = makeIndex;
  }

  public int numNodes() {
    return names.numNodes();
  }

  /** The name of a node in the source. */
  public String name(int node) {
    return new String(names.bytes(node), StandardCharsets.UTF_8);
  }

  /**
   * The node of a name, if there is one.
   *
   * @throws BadInputException if the index is damaged at the place of the name, or two nodes have
   *     the same name
   */
  public OptionalInt node(String name) {
    int node = index(Progress.NONE).node(name.getBytes(StandardCharsets.UTF_8));
    // UTF-8 has a question mark for half a surrogate pair.
    return node == NameIndex.UNKNOWN || !name.equals(name(node))
        ? OptionalInt.empty()
        : OptionalInt.of(node);
  }

  /** The node of an integer id, if there is one. */
  public OptionalInt node(long id) {
    return node(Long.toString(id));
  }

  NodeNames names() {
    return names;
  }

  private synchronized NameIndex index(Progress progress) {
    if (index == null) {
      index = makeIndex.apply(progress);
    }
    return index;
  }

  /** Checks that every name leads to its node. */
  @Internal
  public void requireIndex(Progress progress) {
    index(progress).check(progress);
  }
}
