package io.millrace.tuning.auto;

/**
 * What is adjusted.
 *
 * @param workers threads that prepare batches
 * @param slots batches in memory at a time
 */
public record Size(int workers, int slots) {
  /** As options of the command. */
  public String options() {
    return "--workers " + workers + " --slots " + slots;
  }
}
