package io.millrace.datasets;

import io.millrace.Progress;
import java.util.ArrayList;
import java.util.List;

/** Hears the notes of a job, and nothing else. */
public record Notes(List<String> heard) implements Progress {
  public Notes() {
    this(new ArrayList<>());
  }

  @Override
  public void update(String stage, long done, long total) {}

  @Override
  public void note(String message) {
    heard.add(message);
  }
}
