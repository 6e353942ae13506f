package io.millrace.tuning.auto;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A change that was tried, and what came of it.
 *
 * @param seconds of training before it was decided, evaluations not counted
 * @param rateBefore batches per second with {@code before}
 * @param rateAfter batches per second with {@code after}
 * @param kept whether the pipeline has that size now; else it has that of {@code before} again
 */
public record Decision(
    double seconds, Size before, Size after, double rateBefore, double rateAfter, boolean kept) {
  /** One line: {@code workers 2 -> 3: 31.0 -> 38.2 batches/s, kept}. */
  public String text() {
    return String.format(
        Locale.ROOT,
        "%s: %.1f -> %.1f batches/s, %s",
        change(),
        rateBefore,
        rateAfter,
        kept ? "kept" : "restored");
  }

  private String change() {
    String workers = change("workers", before.workers(), after.workers());
    String slots = change("slots", before.slots(), after.slots());
    return workers + (workers.isEmpty() || slots.isEmpty() ? "" : ", ") + slots;
  }

  private static String change(String name, int before, int after) {
    return before == after ? "" : name + " " + before + " -> " + after;
  }

  /** For the command's {@code --json}. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("seconds", seconds);
    json.put("workers", after.workers());
    json.put("slots", after.slots());
    json.put("workers_before", before.workers());
    json.put("slots_before", before.slots());
    json.put("rate_before", rateBefore);
    json.put("rate_after", rateAfter);
    json.put("kept", kept);
    return json;
  }
}
