package io.millrace.tuning.model;

/**
 * What can be chosen for a pipeline without changing a batch.
 *
 * @param workers threads that prepare batches
 * @param computeThreads threads of the model's operations
 * @param slots batches in memory at a time
 */
public record Setting(int workers, int computeThreads, int slots) {
  @Override
  public String toString() {
    return workers + " workers, " + computeThreads + " compute threads, " + slots + " slots";
  }
}
