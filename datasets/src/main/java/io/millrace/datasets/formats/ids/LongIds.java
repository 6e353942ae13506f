package io.millrace.datasets.formats.ids;

import io.millrace.Internal;
import io.millrace.datasets.text.FieldParser;
import io.millrace.datasets.text.MalformedFieldException;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.nio.charset.StandardCharsets;

/** 64-bit ids, numbered in order of first appearance. */
@Internal
public final class LongIds implements NodeIds {
  private static final int NONE = -1;

  private final Long2IntOpenHashMap nodes = new Long2IntOpenHashMap();
  private final LongArrayList ids = new LongArrayList();
  private final boolean paddedIsText;
  private boolean complete;

  public LongIds() {
    this(false);
  }

  /**
   * @param paddedIsText whether an id with leading zeros throws {@link OtherKindException}
   */
  public LongIds(boolean paddedIsText) {
    this.paddedIsText = paddedIsText;
    nodes.defaultReturnValue(NONE);
  }

  @Override
  public void complete() {
    complete = true;
  }

  @Override
  public long token(byte[] bytes, int start, int end) {
    long id = FieldParser.integer(bytes, start, end);
    if (paddedIsText && FieldParser.isPadded(bytes, start, end)) {
      throw padded(bytes, start, end);
    }
    return id;
  }

  static OtherKindException padded(byte[] bytes, int start, int end) {
    String id = new String(bytes, start, end - start, StandardCharsets.US_ASCII);
    return new OtherKindException(NodeIdKind.STRING, "id=" + id);
  }

  @Override
  public int node(byte[] bytes, long id) {
    int node = nodes.get(id);
    if (node == NONE) {
      if (complete) {
        throw new MalformedFieldException("node is not in the node table", "value", id);
      }
      node = nodes.size();
      nodes.put(id, node);
      ids.add(id);
    }
    return node;
  }

  @Override
  public boolean areIntegers() {
    return true;
  }

  @Override
  public boolean inOrder() {
    return !complete;
  }

  @Override
  public int numNodes() {
    return nodes.size();
  }

  @Override
  public byte[] name(int node) {
    return Long.toString(ids.getLong(node)).getBytes(StandardCharsets.US_ASCII);
  }

  /** The id of each node, {@code [numNodes]}. */
  public LongArrayList ids() {
    return ids;
  }
}
