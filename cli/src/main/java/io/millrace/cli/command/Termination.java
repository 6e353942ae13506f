package io.millrace.cli.command;

import io.millrace.Internal;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/**
 * Lets a command that runs until it is told to end do so in order: {@link #await} returns at
 * SIGTERM or SIGINT, and the process ends with the command's own exit code once it is done.
 *
 * <p>The JVM ends when its shutdown hooks have, so the hook of this class waits for the command,
 * and then halts with the code. One per process; thread-safe.
 */
@Internal
public final class Termination {
  private static final CountDownLatch REQUESTED = new CountDownLatch(1);
  private static final CountDownLatch DONE = new CountDownLatch(1);
  private static volatile boolean awaited;
  private static volatile int exitCode;
  private static volatile Supplier<String> place = () -> "";

  private Termination() {}

  /** Waits until the process is told to end, or the thread is interrupted. */
  public static void await() {
    if (!awaited) {
      awaited = true;
      Runtime.getRuntime().addShutdownHook(new Thread(Termination::endInOrder));
    }
    try {
      REQUESTED.await();
    } catch (InterruptedException _) { // a test ends the command like this
      Thread.currentThread().interrupt();
    }
  }

  private static void endInOrder() {
    REQUESTED.countDown();
    try {
      DONE.await();
    } catch (InterruptedException _) { // nobody interrupts a hook
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(exitCode);
  }

  /** Whether a command awaits its end, so that an end by a signal is no interruption. */
  public static boolean isAwaited() {
    return awaited;
  }

  /** What an interruption is reported with, such as the step that was under way. */
  public static void place(Supplier<String> text) {
    place = text;
  }

  /** The text of {@link #place(Supplier)}; empty without one. */
  public static String place() {
    return place.get();
  }

  /** The command is done; called by {@code main} before it ends the JVM. */
  public static void done(int code) {
    exitCode = code;
    DONE.countDown();
  }
}
