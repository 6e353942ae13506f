package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import io.millrace.training.torch.TorchEngine;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Fails when it closes if something is open that was not before: arrays of the whole process, or
 * pipelines, whose slots are freed only when their threads are ended. (A slot that is not given
 * back makes the pipeline's close fail.)
 */
public final class OpenResources implements AutoCloseable {
  private static final long PATIENCE_MS = 10_000;

  private final int before = count();
  private final Set<Thread> workersBefore = workers();

  /** Arrays and the managers that own them. */
  public static int count() {
    try (NDManager manager = TorchEngine.newManager()) {
      return ((BaseNDManager) manager).getParentManager().getManagedArrays().size();
    }
  }

  /** The threads of the pipelines that have been started and not closed. */
  public static Set<Thread> workers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("millrace-worker-"))
        .collect(Collectors.toSet());
  }

  @Override
  public void close() {
    assertEquals(before, count(), "arrays left open");
    Set<Thread> left = new HashSet<>(workers());
    left.removeAll(workersBefore);
    for (Thread worker : left) {
      try {
        worker.join(PATIENCE_MS); // it was told to end, and does so soon
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      assertFalse(worker.isAlive(), "a pipeline was left open");
    }
  }
}
