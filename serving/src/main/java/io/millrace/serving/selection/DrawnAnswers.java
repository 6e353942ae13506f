package io.millrace.serving.selection;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.UUID;

/**
 * The latest answers whose model was drawn, until feedback takes them. So a loss is divided by the
 * probability that its model had when it was drawn, however late the feedback is, and an answer is
 * judged once. Thread-safe.
 */
public final class DrawnAnswers {
  private static final int ENTRY_NODES = 50;

  /**
   * An answer.
   *
   * @param model that was drawn
   * @param chance the probability that it was drawn with
   * @param classes that it predicted, one per node; not changed
   */
  public record Drawn(int model, double chance, int[] classes) {}

  private final LinkedHashMap<String, Drawn> answers = new LinkedHashMap<>(); // the oldest first
  private final long maxNodes;
  private long numNodes;

  /**
   * @param maxNodes of all answers that are kept; an answer counts as 50 more
   */
  public DrawnAnswers(long maxNodes) {
    this.maxNodes = maxNodes;
  }

  /** Keeps an answer, and returns its id, which nobody can guess. */
  public synchronized String keep(Drawn drawn) {
    String id = UUID.randomUUID().toString();
    answers.put(id, drawn);
    numNodes += weight(drawn);
    while (numNodes > maxNodes) {
      numNodes -= weight(answers.pollFirstEntry().getValue());
    }
    return id;
  }

  private static int weight(Drawn drawn) {
    return ENTRY_NODES + drawn.classes().length;
  }

  /** An answer; empty if it was taken, is too old, or never was. */
  public synchronized Optional<Drawn> find(String id) {
    return Optional.ofNullable(answers.get(id));
  }

  /** Takes an answer out, and returns whether it was still there. */
  public synchronized boolean take(String id) {
    Drawn drawn = answers.remove(id);
    numNodes -= drawn == null ? 0 : weight(drawn);
    return drawn != null;
  }
}
