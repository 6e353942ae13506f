package io.millrace.cli;

import io.millrace.datasets.BadInputException;
import java.io.PrintStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Turns what went wrong into one line of standard error and an exit code.
 *
 * @param debug whether the stack trace is shown before the line
 */
record Failures(PrintStream err, boolean debug) {
  private static final int FAULT = 1;
  private static final int BAD_INPUT = 2;

  /** The arguments do not fit the command. */
  int usage(ParameterException e) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    List<String> similar =
        e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
    String hint =
        similar.isEmpty()
            ? "see: " + command + " --help"
            : "did you mean: " + similar.getFirst() + "?";
    print(oneLine(e.getMessage()) + " (" + hint + ")");
    return BAD_INPUT;
  }

  /** The command failed. */
  int of(Throwable e) {
    if (debug) {
      e.printStackTrace(err);
    }
    if (e instanceof BadInputException) {
      print(oneLine(e.getMessage()));
      return BAD_INPUT;
    }
    Optional<Throwable> outOfMemory =
        Stream.iterate(e, Objects::nonNull, Throwable::getCause) // a worker's comes wrapped
            .filter(OutOfMemoryError.class::isInstance)
            .findFirst();
    if (outOfMemory.isPresent()) {
      String reason = oneLine(outOfMemory.get().getMessage());
      print("out of memory, give Java more: MILLRACE_JAVA_OPTS=-Xmx8g: " + reason);
      return FAULT;
    }
    String hint = debug ? "" : " (a fault of millrace: run again with --debug for the stack trace)";
    print(oneLine(e.toString()) + hint);
    return FAULT;
  }

  private void print(String line) {
    err.println("millrace: " + line);
  }

  private static String oneLine(String message) {
    return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
