package io.millrace.ranks;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Ranks that are threads of one process, for tests and for trying out a division of virtual nodes.
 *
 * <p>An operation puts what the rank contributes into its place, waits for all ranks, and reads
 * what the others have put; a second wait keeps a rank from replacing its part before all have read
 * it.
 */
public final class InProcessCollective implements Collective {
  /** What the ranks share. All fields are guarded by this. */
  private static final class Group {
    private final Object[] parts;
    private final String[] operations;
    private final boolean[] present;
    private final boolean[] closed;
    private final long limitNanos;
    private int arrived;
    private long round;
    private Optional<RankFailedException> failure = Optional.empty();

    private Group(int size, Duration limit) {
      parts = new Object[size];
      operations = new String[size];
      present = new boolean[size];
      closed = new boolean[size];
      limitNanos = limit.toNanos();
    }
  }

  private final Group group;
  private final int rank;
  private long step;
  private long numOperations;
  private long waitNanos;

  private InProcessCollective(Group group, int rank) {
    this.group = group;
    this.rank = rank;
  }

  /**
   * All ranks of a new group; each is used by a thread of its own.
   *
   * @param limit how long an operation waits for the other ranks
   */
  public static List<InProcessCollective> group(int size, Duration limit) {
    Group group = new Group(size, limit);
    return IntStream.range(0, size).mapToObj(it -> new InProcessCollective(group, it)).toList();
  }

  /** The only rank of a training of one process. */
  public static InProcessCollective alone() {
    return group(1, Duration.ofMinutes(1)).getFirst();
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int size() {
    return group.parts.length;
  }

  @Override
  public void step(long number) {
    step = number;
  }

  @Override
  public void foldInOrder(List<MemorySegment> parts, MemorySegment sum) {
    FloatSums.requireFit(parts, sum);
    List<List<MemorySegment>> all = exchange("fold", List.copyOf(parts), group.limitNanos);
    sum.fill((byte) 0);
    all.forEach(ofRank -> ofRank.forEach(part -> FloatSums.add(sum, part)));
    exchange("end of fold", 0, group.limitNanos);
  }

  @Override
  public void sum(MemorySegment values) {
    FloatSums.requireFit(List.of(), values);
    List<MemorySegment> all = exchange("sum", values, group.limitNanos);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment sum = arena.allocate(values.byteSize(), Float.BYTES);
      all.forEach(it -> FloatSums.add(sum, it));
      exchange("end of sum", 0, group.limitNanos); // all have read
      values.copyFrom(sum);
    }
  }

  @Override
  public List<byte[]> allGather(byte[] own) {
    return exchange("gather", own.clone(), group.limitNanos);
  }

  @Override
  public byte[] broadcast(byte[] value, int root) {
    byte[] own = rank == root ? value.clone() : new byte[0];
    return exchange("broadcast from " + root, own, group.limitNanos).get(root).clone();
  }

  @Override
  public void barrier(Duration limit) {
    exchange("barrier", 0, limit.toNanos());
  }

  /** Gives what each rank contributes to all. */
  @SuppressWarnings("unchecked") // all ranks are at the same operation, which has one type
  private <T> List<T> exchange(String operation, T own, long limitNanos) {
    synchronized (group) {
      requireIntact();
      group.parts[rank] = own;
      group.operations[rank] = operation + " of step " + step;
      await(limitNanos);
      List<T> all = new ArrayList<>();
      for (int r = 0; r < size(); r++) {
        if (!group.operations[r].equals(group.operations[rank])) {
          failed(
              r,
              "ranks are at different operations, "
                  + group.operations[r]
                  + " where rank "
                  + rank
                  + " is at "
                  + group.operations[rank]);
          requireIntact();
        }
        all.add((T) group.parts[r]);
      }
      await(limitNanos); // all have read
      numOperations++;
      return Collections.unmodifiableList(all);
    }
  }

  private void await(long limitNanos) {
    long begin = System.nanoTime();
    long present = group.round;
    group.present[rank] = true;
    if (++group.arrived == size()) {
      group.arrived = 0;
      Arrays.fill(group.present, false);
      group.round++;
      group.notifyAll();
    }
    while (group.round == present) {
      requireIntact();
      long left = limitNanos - (System.nanoTime() - begin);
      for (int r = 0; r < size(); r++) {
        if (!group.present[r] && (group.closed[r] || left <= 0)) {
          failed(
              r,
              group.closed[r]
                  ? "it has ended before the others"
                  : "it has not come to " + group.operations[rank] + " in time");
          requireIntact();
        }
      }
      try {
        group.wait(Math.max(1, left / 1_000_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failed(rank, "interrupted");
      }
    }
    waitNanos += System.nanoTime() - begin;
  }

  private void requireIntact() {
    if (group.failure.isPresent()) {
      throw group.failure.get().again();
    }
  }

  private void failed(int which, String reason) {
    failed(new RankFailedException(which, step, reason));
  }

  private void failed(RankFailedException failure) {
    synchronized (group) {
      if (group.failure.isEmpty()) {
        group.failure = Optional.of(failure);
        group.notifyAll();
      }
    }
  }

  @Override
  public void fail(Throwable cause) {
    failed(RankFailedException.of(rank, step, cause));
  }

  @Override
  public Traffic traffic() {
    return new Traffic(numOperations, 0, 0, waitNanos);
  }

  /** Ranks that still wait for this one, or come to, fail. */
  @Override
  public void close() {
    synchronized (group) {
      group.closed[rank] = true;
      group.notifyAll();
    }
  }
}
