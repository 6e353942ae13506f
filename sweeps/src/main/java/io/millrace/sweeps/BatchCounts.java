package io.millrace.sweeps;

/**
 * What trials in parallel have read together, training and validation.
 *
 * @param sampled batches that were sampled and sliced
 * @param read batches that the trials have read; as many would have been sampled by trials alone
 */
public record BatchCounts(long sampled, long read) {
  /** Of trials that share no batches. */
  static final BatchCounts NONE = new BatchCounts(0, 0);
}
