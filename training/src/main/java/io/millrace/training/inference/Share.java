package io.millrace.training.inference;

import io.millrace.BadInputException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The part of an inference's shards that one of several processes computes: every {@code count}-th,
 * from {@code index} on. Of one process, all.
 */
public record Share(int index, int count) {
  /** All of it. */
  public static final Share WHOLE = new Share(0, 1);

  public Share {
    if (count < 1 || index < 0 || index >= count) {
      throw BadInputException.of(
          "a share is i/n with i from 0 to n - 1", "share", index + "/" + count);
    }
  }

  /** Reads {@code "0/2"}. */
  public static Share parse(String text) {
    String[] parts = text.split("/", -1);
    try {
      if (parts.length == 2) {
        return new Share(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
      }
    } catch (NumberFormatException _) {
      // refused below
    }
    throw BadInputException.of("a share is i/n with i from 0 to n - 1", "share", text);
  }

  boolean isWhole() {
    return count == 1;
  }

  /** The shards of this share. */
  List<Integer> of(Shards shards) {
    return shards.all().filter(shard -> shard % count == index).boxed().toList();
  }

  /** All other shares of the same number. */
  List<Share> others() {
    return IntStream.range(0, count)
        .filter(i -> i != index)
        .mapToObj(i -> new Share(i, count))
        .toList();
  }

  @Override
  public String toString() {
    return index + "/" + count;
  }
}
