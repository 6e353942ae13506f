package io.millrace.training;

/**
 * Ends a training when a batch is done, as if the process was killed there. Stateless.
 *
 * @param epoch from 0
 * @param batch of the epoch, from 0
 */
public record StopAt(int epoch, int batch) implements TrainingListener {
  /** Thrown by this listener alone. */
  public static final class Stopped extends IllegalStateException {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public void batchDone(BatchProgress progress) {
    if (progress.epoch() == epoch && progress.batch() == batch) {
      throw new Stopped();
    }
  }
}
