package io.millrace.tuning.model;

import io.millrace.BadInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Steps per second of the model by the number of compute threads: its measured points, and the
 * concave hull that a linear program can use. Immutable.
 */
public final class Curve {
  /** One straight piece of the hull: {@code slope * threads + offset}. */
  record Piece(double slope, double offset) {
    double at(double threads) {
      return slope * threads + offset;
    }
  }

  private final NavigableMap<Integer, Double> points;
  private final List<Piece> pieces;

  /**
   * @param stepsPerSecond by number of threads, from 1
   * @throws BadInputException if there are none, or one is not positive
   */
  public Curve(Map<Integer, Double> stepsPerSecond) {
    points = new TreeMap<>(stepsPerSecond);
    if (points.isEmpty()
        || points.firstKey() < 1
        || points.values().stream().anyMatch(rate -> !(rate > 0))) {
      throw BadInputException.of(
          "a curve has positive rates of 1 thread and more", "curve", points);
    }
    pieces = hull(points);
  }

  /** With no threads there are no steps, so the hull begins at the origin. */
  private static List<Piece> hull(NavigableMap<Integer, Double> points) {
    List<double[]> corners = new ArrayList<>();
    corners.add(new double[] {0, 0});
    points.forEach(
        (threads, rate) -> {
          double[] next = {threads, rate};
          while (corners.size() > 1
              && slope(corners.get(corners.size() - 2), corners.getLast())
                  <= slope(corners.getLast(), next)) {
            corners.removeLast();
          }
          corners.add(next);
        });
    List<Piece> pieces = new ArrayList<>();
    for (int i = 1; i < corners.size(); i++) {
      double slope = slope(corners.get(i - 1), corners.get(i));
      pieces.add(new Piece(slope, corners.get(i)[1] - slope * corners.get(i)[0]));
    }
    double best = points.values().stream().mapToDouble(rate -> rate).max().orElseThrow();
    pieces.add(new Piece(0, best)); // more threads than were measured help no further
    return List.copyOf(pieces);
  }

  private static double slope(double[] from, double[] to) {
    return (to[1] - from[1]) / (to[0] - from[0]);
  }

  List<Piece> pieces() {
    return pieces;
  }

  /** The largest number of threads that was measured. */
  public int maxThreads() {
    return points.lastKey();
  }

  /** Steps per second with so many threads; between two measured points, on the line. */
  public double at(int threads) {
    Map.Entry<Integer, Double> below = points.floorEntry(threads);
    Map.Entry<Integer, Double> above = points.ceilingEntry(threads);
    if (below == null) {
      return above.getValue() * threads / above.getKey();
    }
    if (above == null || above.getKey().equals(below.getKey())) {
      return below.getValue();
    }
    double part = (double) (threads - below.getKey()) / (above.getKey() - below.getKey());
    return below.getValue() + part * (above.getValue() - below.getValue());
  }
}
