package io.millrace.training;

/**
 * How far a training is.
 *
 * @param epoch that is trained next, from 0: so many are done
 * @param batch of that epoch that is trained next, from 0; 0 unless an epoch was interrupted
 * @param numBatches of an epoch
 */
public record TrainingPosition(int epoch, int batch, int numBatches) {
  /** Whether nothing is done yet. */
  public boolean atStart() {
    return epoch == 0 && batch == 0;
  }
}
