package io.millrace.transfer;

import java.util.List;

/** Runs all steps of a shutdown, even if some of them fail. */
final class Shutdown {
  private Shutdown() {}

  static void run(Runnable... actions) {
    run(List.of(actions));
  }

  /**
   * Runs all actions in order. Throws the first failure; later ones are suppressed exceptions of
   * it.
   */
  static void run(List<Runnable> actions) {
    Throwable first = null;
    for (Runnable action : actions) {
      try {
        action.run();
      } catch (RuntimeException | Error e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    switch (first) {
      case null -> {}
      case Error error -> throw error;
      case RuntimeException exception -> throw exception;
      default -> throw new AssertionError(first);
    }
  }
}
