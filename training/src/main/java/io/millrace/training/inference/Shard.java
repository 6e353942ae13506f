package io.millrace.training.inference;

import io.millrace.BadInputException;
import io.millrace.training.inference.chunks.NodeRanges;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The part of an inference's ranges that one of several processes computes: every {@code count}-th,
 * from {@code index} on. A single process computes all.
 */
public record Shard(int index, int count) {
  /** All ranges, for a single process. */
  public static final Shard WHOLE = new Shard(0, 1);

  /** An upper bound, because each shard has a lock and a process. */
  private static final int MAX_COUNT = 1 << 16;

  public Shard {
    if (count > MAX_COUNT) {
      throw BadInputException.of("too many shards", "shard", index + "/" + count, "max", MAX_COUNT);
    }
    if (count < 1 || index < 0 || index >= count) {
      throw BadInputException.of(
          "a shard is i/n with i from 0 to n - 1", "shard", index + "/" + count);
    }
  }

  /** Reads {@code "0/2"}. */
  public static Shard parse(String text) {
    String[] parts = text.split("/", -1);
    try {
      if (parts.length == 2) {
        return new Shard(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
      }
    } catch (NumberFormatException _) {
      // refused below
    }
    throw BadInputException.of("a shard is i/n with i from 0 to n - 1", "shard", text);
  }

  boolean isWhole() {
    return count == 1;
  }

  /** The ranges of this shard. */
  List<Integer> of(NodeRanges ranges) {
    return ranges.all().filter(range -> range % count == index).boxed().toList();
  }

  /** All other shards of the same division. */
  List<Shard> others() {
    return IntStream.range(0, count)
        .filter(i -> i != index)
        .mapToObj(i -> new Shard(i, count))
        .toList();
  }

  @Override
  public String toString() {
    return index + "/" + count;
  }
}
