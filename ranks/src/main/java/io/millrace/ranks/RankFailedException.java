package io.millrace.ranks;

import io.millrace.BadInputException;
import io.millrace.Printable;

/**
 * A rank of the training has failed, so no rank can go on.
 *
 * <p>The message is one line: the rank that failed first, the step that it was at, and why.
 */
public final class RankFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int MAX_REASON = 2000;

  private final int rank;
  private final long step;
  private final String reason;
  private final boolean badInput;

  /** A failure that is no bad input. */
  public RankFailedException(int rank, long step, String reason) {
    this(rank, step, reason, false);
  }

  /**
   * @param rank that failed first
   * @param step that it was at, as far as is known
   * @param reason one sentence without a full stop
   * @param badInput whether the rank itself has thrown a {@link BadInputException}
   */
  public RankFailedException(int rank, long step, String reason, boolean badInput) {
    super("a rank has failed: rank=" + rank + ", step=" + step + ", cause=" + oneLine(reason));
    this.rank = rank;
    this.step = step;
    this.reason = oneLine(reason);
    this.badInput = badInput;
  }

  /** What a rank tells the others about its own exception; of one that names a rank, the same. */
  public static RankFailedException of(int rank, long step, Throwable cause) {
    return cause instanceof RankFailedException known
        ? known
        : new RankFailedException(rank, step, reason(cause), cause instanceof BadInputException);
  }

  /** The same failure, with the stack of the thread that meets it. */
  public RankFailedException again() {
    return new RankFailedException(rank, step, reason, badInput);
  }

  /** Whether the rank itself has thrown a {@link BadInputException}, as for a full disk. */
  public boolean isBadInput() {
    return badInput;
  }

  /** The rank that failed first. */
  public int rank() {
    return rank;
  }

  /** The step that it was at, as far as is known. */
  public long step() {
    return step;
  }

  /** Why, in one line. */
  public String reason() {
    return reason;
  }

  /** What is reported about an exception of a rank: its message, or its class if it has none. */
  public static String reason(Throwable cause) {
    if (cause instanceof RankFailedException failed) {
      return failed.reason;
    }
    String message = cause.getMessage();
    return oneLine(message == null || message.isBlank() ? cause.toString() : message);
  }

  private static String oneLine(String text) {
    String line = Printable.of(text.strip().replaceAll("\\s*\\R\\s*", "; "));
    return line.length() <= MAX_REASON ? line : line.substring(0, MAX_REASON) + "...";
  }
}
