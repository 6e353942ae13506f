package io.millrace.sampler;

import io.millrace.datasets.CsrGraph;
import io.millrace.sampler.draw.EdgeTimes;
import io.millrace.sampler.draw.EdgeWeights;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** A graph whose edges have times, its rows in their order. */
record TimedGraph(CsrGraph graph, long[] times) {
  record Event(int src, int dst, long time) {}

  static TimedGraph of(int numNodes, List<Event> events) {
    List<List<Event>> rows = new ArrayList<>();
    for (int v = 0; v < numNodes; v++) {
      rows.add(new ArrayList<>());
    }
    events.forEach(event -> rows.get(event.dst).add(event));
    rows.forEach(row -> row.sort(Comparator.comparingLong(Event::time)));
    return new TimedGraph(
        Graphs.ofRows(
            rows.stream()
                .map(row -> row.stream().mapToInt(Event::src).toArray())
                .toArray(int[][]::new)),
        rows.stream().flatMap(List::stream).mapToLong(Event::time).toArray());
  }

  /** Source, destination, time, source, ... */
  static TimedGraph of(int numNodes, int... numbers) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < numbers.length; i += 3) {
      events.add(new Event(numbers[i], numbers[i + 1], numbers[i + 2]));
    }
    return of(numNodes, events);
  }

  /** Skewed degrees, and many edges of the same time. */
  static List<Event> randomEvents(int numNodes, int count, int numTimes, Random random) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int dst = (int) (Math.pow(random.nextDouble(), 3) * numNodes);
      long time = (random.nextInt(numTimes) - numTimes / 2) * 3_000_000_000L;
      events.add(new Event(random.nextInt(numNodes), dst, time));
    }
    return events;
  }

  EdgeTimes edgeTimes() {
    return EdgeTimes.of(graph, MemorySegment.ofArray(times));
  }

  EdgeWeights weights(float[] weights) {
    return EdgeWeights.of(graph, MemorySegment.ofArray(weights));
  }
}
