package io.millrace.spark.tables;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a failed job means, in one line. */
@Internal
public final class SparkFailures {
  private static final String BAD_INPUT = BadInputException.class.getName() + ": ";
  private static final String RANK = "io.millrace.ranks.RankFailedException: ";
  private static final String OLD_JAVA = "UnsupportedClassVersionError";

  private static final String OUT_OF_MEMORY = "OutOfMemoryError";

  /** With it an executor ends whose heap is full. */
  private static final String OUT_OF_MEMORY_CODE = "exited with code 52";

  private static final String RESULT_SIZE = "spark.driver.maxResultSize";
  private static final Pattern TASK = Pattern.compile("Task (\\d+) in stage");

  private SparkFailures() {}

  /**
   * The failure to throw for one of Spark, whose message has the task's stack in it: what was wrong
   * with the input, which rank failed, that an executor runs on an older Java, or that a task needs
   * more memory than an executor has, as that of a skewed partition.
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
      if (message.contains(OUT_OF_MEMORY) || message.contains(OUT_OF_MEMORY_CODE)) {
        return new BadInputException(
            "a task needs more memory than an executor has; repartition a skewed table, or raise"
                + " spark.executor.memory: partition="
                + partition(message),
            failure);
      }
      if (message.contains(RESULT_SIZE)) {
        return new BadInputException(
            "the results of the tasks are larger than the driver takes: "
                + RESULT_SIZE
                + "="
                + lineAfter(RESULT_SIZE, message).strip(),
            failure);
      }
    }
    return failure instanceof RuntimeException same
        ? same
        : new IllegalStateException(failure.getMessage(), failure);
  }

  /** Spark's message begins: Job aborted due to stage failure: Task 3 in stage 5.0 failed. */
  private static String partition(String message) {
    Matcher task = TASK.matcher(message);
    return task.find() ? task.group(1) : "unknown";
  }

  private static String lineAfter(String mark, String message) {
    return message.substring(message.indexOf(mark) + mark.length()).lines().findFirst().orElse("");
  }
}
