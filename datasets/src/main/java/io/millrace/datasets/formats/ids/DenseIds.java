package io.millrace.datasets.formats.ids;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.text.FieldParser;
import io.millrace.datasets.text.MalformedFieldException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Ids that are node ids: 0 to numNodes - 1. */
@Internal
public final class DenseIds implements NodeIds {
  public static final int MAX_NODES = Integer.MAX_VALUE - 1;

  /** Up to this many nodes, ids without edges cost too little to matter. */
  private static final int MIN_SPARSE = 1 << 16;

  /** Beyond so many nodes, whose row bounds take 1 GiB, ids without edges are refused. */
  private static final int MAX_SPARSE = 1 << 27;

  private final int end;
  private final boolean guessed;
  private final boolean paddedIsText;
  private final AtomicInteger largest = new AtomicInteger(-1);

  private DenseIds(int end, boolean guessed, boolean paddedIsText) {
    this.end = end;
    this.guessed = guessed;
    this.paddedIsText = paddedIsText;
  }

  /** Any node id. The largest one determines the number of nodes. */
  public static DenseIds unbounded() {
    return new DenseIds(MAX_NODES, false, false);
  }

  /**
   * As {@link #unbounded}, but an id that cannot be a node id throws {@link OtherKindException}.
   */
  public static DenseIds guessed() {
    return new DenseIds(MAX_NODES, true, true);
  }

  public static DenseIds of(int numNodes) {
    return of(numNodes, false);
  }

  /** As {@link #of}, but an id with leading zeros may throw {@link OtherKindException}. */
  public static DenseIds of(int numNodes, boolean paddedIsText) {
    DenseIds ids = new DenseIds(numNodes, false, paddedIsText);
    ids.largest.set(numNodes - 1);
    return ids;
  }

  @Override
  public long token(byte[] bytes, int start, int last) {
    long id = FieldParser.integer(bytes, start, last);
    if (paddedIsText && FieldParser.isPadded(bytes, start, last)) {
      throw LongIds.padded(bytes, start, last);
    }
    return id;
  }

  @Override
  public int node(byte[] bytes, long id) {
    if (id < 0 || id >= end) {
      if (guessed) {
        throw new OtherKindException(NodeIdKind.LONG, "id=" + id);
      }
      throw new MalformedFieldException("edge id out of range", "id", id, "numNodes", end);
    }
    if (id > largest.getPlain()) {
      largest.accumulateAndGet((int) id, Math::max);
    }
    return (int) id;
  }

  @Override
  public boolean isKnown(long id) {
    return true;
  }

  @Override
  public boolean areIntegers() {
    return true;
  }

  /**
   * Called after the last edge: guessed ids with few edges and a large id throw {@link
   * OtherKindException}.
   *
   * @throws BadInputException if ids that were declared dense would make a graph of more than 1 GiB
   *     of nearly nothing but nodes without edges
   */
  public void requireDense(long numEdges) {
    if (numNodes() / 8 <= numEdges) {
      return;
    }
    if (guessed && numNodes() > MIN_SPARSE) {
      throw new OtherKindException(
          NodeIdKind.LONG, "edges=" + numEdges + ", largest id=" + largest);
    }
    if (end == MAX_NODES && numNodes() > MAX_SPARSE) {
      throw BadInputException.of(
          "nearly all nodes would have no edges, number them with --ids long",
          "largestId",
          largest,
          "edges",
          numEdges);
    }
  }

  @Override
  public boolean inOrder() {
    return false;
  }

  @Override
  public void complete() {}

  @Override
  public byte[] name(int node) {
    return Integer.toString(node).getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public int numNodes() {
    return largest.get() + 1;
  }
}
