package io.millrace.tuning.balance;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.util.Comparator;
import java.util.List;

/**
 * How long a machine takes for a virtual node of each size. Immutable.
 *
 * @param points by rising size, at least one; a machine computes no more seeds at a time than the
 *     last has
 */
@Internal
public record RankProfile(List<Point> points) {
  /**
   * A measurement.
   *
   * @param size seeds of the virtual node
   * @param millis that it takes
   */
  public record Point(int size, double millis) {}

  /**
   * @throws BadInputException if there is none, or a size or a time is not positive
   */
  public RankProfile {
    points = points.stream().sorted(Comparator.comparingInt(Point::size)).toList();
    if (points.isEmpty()) {
      throw new BadInputException("a profile needs a measurement");
    }
    for (Point it : points) {
      if (it.size < 1 || !(it.millis > 0 && it.millis < Double.POSITIVE_INFINITY)) {
        throw BadInputException.of(
            "sizes and times of a profile must be positive", "size", it.size, "millis", it.millis);
      }
    }
  }

  int largest() {
    return points.getLast().size;
  }

  /**
   * The time for a virtual node of some size, between two measurements on a straight line; below
   * the smallest, as long as that takes; infinite above the largest.
   */
  public double millis(int size) {
    if (size > largest()) {
      return Double.POSITIVE_INFINITY;
    }
    Point before = points.getFirst();
    for (Point it : points) {
      if (it.size >= size) {
        return it.size == before.size || size <= before.size
            ? it.millis
            : before.millis
                + (it.millis - before.millis) * (size - before.size) / (it.size - before.size);
      }
      before = it;
    }
    throw new AssertionError(size);
  }
}
