package io.millrace.spark.tables;

import io.millrace.BadInputException;
import io.millrace.Internal;

/** What a failed job means, in one line. */
@Internal
public final class SparkFailures {
  private static final String BAD_INPUT = BadInputException.class.getName() + ": ";
  private static final String RANK = "io.millrace.ranks.RankFailedException: ";
  private static final String OLD_JAVA = "UnsupportedClassVersionError";

  private SparkFailures() {}

  /**
   * The failure to throw for one of Spark, whose message has the task's stack in it: what was wrong
   * with the input, which rank failed, or that an executor runs on an older Java.
   */
  public static RuntimeException cause(Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BadInputException bad) {
        return bad;
      }
      String message = String.valueOf(cause.getMessage());
      if (message.contains(BAD_INPUT)) {
        return new BadInputException(lineAfter(BAD_INPUT, message), failure);
      }
      if (message.contains(RANK)) {
        return new IllegalStateException(lineAfter(RANK, message), failure);
      }
      if (message.contains(OLD_JAVA) || cause instanceof UnsupportedClassVersionError) {
        return new BadInputException(
            "executors need Java 25: spark.executorEnv.JAVA_HOME, or JAVA_HOME of the workers",
            failure);
      }
    }
    return failure instanceof RuntimeException same
        ? same
        : new IllegalStateException(failure.getMessage(), failure);
  }

  private static String lineAfter(String mark, String message) {
    return message.substring(message.indexOf(mark) + mark.length()).lines().findFirst().orElse("");
  }
}
