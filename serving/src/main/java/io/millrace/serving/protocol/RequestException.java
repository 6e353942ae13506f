package io.millrace.serving.protocol;

import io.millrace.BadInputException;
import java.util.OptionalLong;

/**
 * A request that gets an error as its answer.
 *
 * <p>The message is one line, <i>rule: name=value</i>, and goes to the client.
 */
public final class RequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final long retryAfterSeconds;

  private RequestException(int status, String message, long retryAfterSeconds) {
    super(message, null, false, false); // it is no fault, so its stack is of no use
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /**
   * @param status of HTTP, 400 to 599
   * @param namesAndValues alternating names and values
   */
  public static RequestException of(int status, String rule, Object... namesAndValues) {
    return new RequestException(status, BadInputException.of(rule, namesAndValues).getMessage(), 0);
  }

  /** 400, with a message that is there already. */
  public static RequestException bad(String message) {
    return new RequestException(400, new BadInputException(message).getMessage(), 0);
  }

  /** 413, with a message that is there already. */
  public static RequestException tooLarge(String message) {
    return new RequestException(413, new BadInputException(message).getMessage(), 0);
  }

  /** 503: there is more to do than can be done in time. */
  public static RequestException shed(String reason, double waitSeconds) {
    return new RequestException(503, reason, seconds(waitSeconds));
  }

  /** 429: a client sends more than it may. */
  public static RequestException tooMany(double perSecond, double waitSeconds) {
    String message =
        BadInputException.of("too many requests of one client", "perSecond", perSecond)
            .getMessage();
    return new RequestException(429, message, seconds(waitSeconds));
  }

  private static long seconds(double wait) {
    return Math.max(1, (long) Math.ceil(wait));
  }

  /** 504: the time of the request is over. */
  public static RequestException expired() {
    return new RequestException(504, "the request's time is over before it was computed", 0);
  }

  /** The status of HTTP. */
  public int status() {
    return status;
  }

  /** When to try again, if the client should. */
  public OptionalLong retryAfterSeconds() {
    return retryAfterSeconds > 0 ? OptionalLong.of(retryAfterSeconds) : OptionalLong.empty();
  }
}
