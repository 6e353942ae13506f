package io.millrace.transfer.trace;

import java.util.ArrayList;
import java.util.List;

/** The spans of all tracks, up to a number of them: later ones are counted, not kept. */
final class Timeline {
  private final int maxSpans;
  private final List<Span> spans = new ArrayList<>();
  private long numDropped;

  Timeline(int maxSpans) {
    this.maxSpans = maxSpans;
  }

  boolean keeps() {
    return maxSpans > 0;
  }

  synchronized void add(Span span) {
    if (spans.size() < maxSpans) {
      spans.add(span);
    } else {
      numDropped++;
    }
  }

  synchronized List<Span> spans() {
    return List.copyOf(spans);
  }

  synchronized long numDropped() {
    return numDropped;
  }
}
