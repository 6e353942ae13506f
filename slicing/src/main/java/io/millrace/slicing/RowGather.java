package io.millrace.slicing;

import io.millrace.BadInputException;
import io.millrace.kernel.KernelProbe;
import java.lang.foreign.MemorySegment;

/**
 * Gathers rows: row {@code i} of the output is row {@code nodes[i]} of a matrix {@code [numNodes x
 * dim]}, row-major.
 *
 * <p>{@code JavaGather} is the reference and {@code NativeGather} the fast implementation. Both
 * give the same bytes; one contract test checks both. The memory may have any alignment; matrix and
 * output must not overlap. After an exception the output holds some of the rows. Immutable; shared
 * by all threads.
 */
public sealed interface RowGather permits JavaGather, NativeGather {

  /**
   * Chooses one.
   *
   * @throws BadInputException if the native kernel is requested by name and cannot be used
   */
  static RowGather of(GatherKind kind) {
    return kind == GatherKind.JAVA
        ? new JavaGather("it was asked for")
        : of(kind, KernelProbe.run());
  }

  /** For {@code AUTO} and {@code NATIVE}. */
  static RowGather of(GatherKind kind, KernelProbe probe) {
    return switch (probe) {
      case KernelProbe.Usable usable -> new NativeGather(usable.kernel());
      case KernelProbe.Unusable(String reason) when kind == GatherKind.NATIVE ->
          throw new BadInputException("the native gather cannot be used: " + reason);
      case KernelProbe.Unusable(String reason) -> new JavaGather(reason);
    };
  }

  /** "java" or "native". */
  String name();

  /** The name with the reason or the details, in one line. */
  String description();

  /**
   * Copies rows as they are.
   *
   * @param rows {@code [numNodes x rowBytes]}
   * @param nodes the first {@code count} are used
   * @param out {@code [count x rowBytes]}
   * @throws BadInputException if a node is not in the matrix
   * @throws IndexOutOfBoundsException if {@code nodes} or {@code out} is too short for {@code
   *     count}
   */
  void copy(MemorySegment rows, long rowBytes, int[] nodes, int count, MemorySegment out);

  /**
   * Widens rows from float16 to float32, exactly.
   *
   * @param rows float16 {@code [numNodes x dim]}
   * @param nodes the first {@code count} are used
   * @param out float32 {@code [count x dim]}
   * @throws BadInputException if a node is not in the matrix
   * @throws IndexOutOfBoundsException if {@code nodes} or {@code out} is too short for {@code
   *     count}
   */
  void widen(MemorySegment rows, int dim, int[] nodes, int count, MemorySegment out);

  /** The exception that both throw. */
  static BadInputException outOfRange(int[] nodes, int position, long numNodes) {
    return BadInputException.of(
        "node id out of range", "id", nodes[position], "position", position, "numNodes", numNodes);
  }
}
