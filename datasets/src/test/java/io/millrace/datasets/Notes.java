package io.millrace.datasets;

import java.util.ArrayList;
import java.util.List;

/** Hears the notes of a job, and nothing else. */
record Notes(List<String> heard) implements Progress {
  Notes() {
    this(new ArrayList<>());
  }

  @Override
  public void update(String stage, long done, long total) {}

  @Override
  public void note(String message) {
    heard.add(message);
  }
}
