package io.millrace.ranks;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;

/**
 * What the processes of one training do together. Each is a rank, numbered from 0.
 *
 * <p>All ranks call the same operations in the same order; an operation returns on a rank when that
 * rank has its result. No wait is without a limit. When a rank fails or disappears, every operation
 * of every rank, under way or later, throws a {@link RankFailedException} that names the rank that
 * failed first.
 *
 * <p>Used by one thread at a time, except for {@link #fail} and {@link #close}, which any thread
 * may call. The one who makes a collective closes it.
 */
public interface Collective extends AutoCloseable {
  /** The most bytes of a value that is gathered or broadcast. */
  int MAX_BYTES = 1 << 30;

  /** This process, from 0 to {@code size() - 1}. */
  int rank();

  /** The number of processes. */
  int size();

  /**
   * Says which step of the training the operations belong to from now on. Messages name it, and
   * ranks that are at different steps fail.
   */
  void step(long number);

  /**
   * Adds up the parts of all ranks, one after the other from 0: those of rank 0 in their order,
   * then those of rank 1, and so on. The order does not depend on how the parts are divided among
   * the ranks, so the sum has the same bits for every division. A rank may have no parts.
   *
   * @param parts float32, each as large as the sum; unchanged
   * @param sum float32, native memory that any thread may use; receives the sum on every rank
   */
  void foldInOrder(List<MemorySegment> parts, MemorySegment sum);

  /**
   * Adds up the values of all ranks, in an order that depends on the number of ranks: all have the
   * same bits, and the same every time, but others than with another number.
   *
   * @param values float32, native memory that any thread may use; as large on every rank, which
   *     receives the sum in it
   */
  void sum(MemorySegment values);

  /**
   * Gives the bytes of every rank to every rank.
   *
   * @param own at most {@link #MAX_BYTES}, also of another length on each rank
   * @return those of rank 0 first
   */
  List<byte[]> allGather(byte[] own);

  /**
   * Gives the bytes of one rank to every rank.
   *
   * @param value those of the root, at most {@link #MAX_BYTES}; ignored on the others
   * @param root the rank that they come from
   */
  byte[] broadcast(byte[] value, int root);

  /**
   * Returns when all ranks have called it.
   *
   * @param limit how long to wait for them
   */
  void barrier(Duration limit);

  /**
   * Tells the other ranks that this one cannot go on. Their operations throw, with this rank, its
   * step and the cause's message. Without effect if a rank has failed before.
   */
  void fail(Throwable cause);

  /** What was sent and waited for so far. */
  Traffic traffic();

  /** Ends this rank's part; ranks that still need it fail. */
  @Override
  void close();
}
