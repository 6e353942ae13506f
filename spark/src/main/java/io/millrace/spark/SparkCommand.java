package io.millrace.spark;

import io.millrace.BadInputException;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What the main classes for {@code spark-submit} have in common: a session, and errors in one line
 * with the exit codes of the {@code millrace} command.
 */
@Command(mixinStandardHelpOptions = false, sortOptions = false)
abstract class SparkCommand implements Runnable {
  private static final int BAD_INPUT = 2;
  private static final int FAILED = 1;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  private boolean help;

  @Override
  public final void run() {
    SparkSession spark = SparkSession.builder().appName(name()).getOrCreate();
    try {
      run(spark, System.out::println);
    } finally {
      spark.stop();
    }
  }

  private String name() {
    return "millrace " + getClass().getSimpleName();
  }

  /**
   * @param out prints a line of the result
   */
  abstract void run(SparkSession spark, Consumer<String> out);

  /** What {@code --device} says. */
  static boolean isGpu(String device) {
    if (!device.equals("cpu") && !device.equals("gpu")) {
      throw BadInputException.of("a device is cpu or gpu", "--device", device);
    }
    return device.equals("gpu");
  }

  /** Runs the command, and ends the process if it fails. */
  static void main(SparkCommand command, String[] args) {
    CommandLine line =
        new CommandLine(command)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler(
                (failure, _, _) -> {
                  System.err.println("millrace: " + firstLine(failure));
                  return failure instanceof BadInputException ? BAD_INPUT : FAILED;
                });
    int code = line.execute(args);
    if (code != 0) {
      System.exit(code);
    }
  }

  /** Spark's own log has the rest. */
  private static String firstLine(Exception failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse(failure.toString());
  }
}
