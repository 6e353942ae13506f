package io.millrace.datasets;

import java.util.concurrent.atomic.AtomicInteger;

/** Ids that are node ids: 0 to numNodes - 1. */
final class DenseIds implements NodeIds {
  static final int MAX_NODES = Integer.MAX_VALUE - 1;

  private final int end;
  private final String rule;
  private final AtomicInteger largest = new AtomicInteger(-1);

  private DenseIds(int end, String rule) {
    this.end = end;
    this.rule = rule;
  }

  /** As many nodes as the largest id says. */
  static DenseIds unbounded() {
    return new DenseIds(MAX_NODES, "id is not dense, take long ids (--ids long)");
  }

  static DenseIds of(int numNodes) {
    DenseIds ids = new DenseIds(numNodes, "edge id out of range");
    ids.largest.set(numNodes - 1);
    return ids;
  }

  @Override
  public long token(byte[] bytes, int start, int last) {
    long id = Cells.integer(bytes, start, last);
    if (id < 0 || id >= end) {
      throw new BadCell(rule, "id", id, "numNodes", end);
    }
    return id;
  }

  @Override
  public int node(byte[] bytes, long token) {
    int id = (int) token;
    if (id > largest.getPlain()) {
      largest.accumulateAndGet(id, Math::max);
    }
    return id;
  }

  @Override
  public boolean inOrder() {
    return false;
  }

  @Override
  public int numNodes() {
    return largest.get() + 1;
  }
}
