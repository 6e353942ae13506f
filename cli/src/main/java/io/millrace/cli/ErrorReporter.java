package io.millrace.cli;

import io.millrace.BadInputException;
import io.millrace.Printable;
import io.millrace.cuda.CudaOutOfMemoryException;
import io.millrace.ranks.RankFailedException;
import java.io.PrintStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Turns what went wrong into one line of standard error and an exit code.
 *
 * @param debug whether the stack trace is shown before the line
 */
record ErrorReporter(PrintStream err, boolean debug) {
  private static final int FAULT = 1;
  private static final int BAD_INPUT = 2;

  /** What libtorch says when the system gives it no memory, or when a size is beyond 64 bits. */
  private static final Pattern LIBTORCH_ALLOCATION =
      Pattern.compile("tried to allocate \\d+ bytes|Storage size calculation overflowed");

  /** What libtorch says when a GPU has no more memory, its asked and its free amount. */
  private static final Pattern TORCH_CUDA_ALLOCATION =
      Pattern.compile(
          "CUDA out of memory\\. Tried to allocate ([\\d.]+ \\w+)\\..*?([\\d.]+ \\w+) is free");

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
    if (e instanceof RankFailedException failed) {
      print(oneLine(e.getMessage()));
      return failed.isBadInput() ? BAD_INPUT : FAULT; // as on the rank itself
    }
    Optional<String> outOfMemory =
        Stream.iterate(e, Objects::nonNull, Throwable::getCause) // a worker's comes wrapped
            .flatMap(cause -> outOfMemory(cause).stream())
            .findFirst();
    if (outOfMemory.isPresent()) {
      print(outOfMemory.get());
      return FAULT;
    }
    String hint = debug ? "" : " (internal error: run again with --debug for the stack trace)";
    print(oneLine(e.toString()) + hint);
    return FAULT;
  }

  /** Standard output did not take the result, for instance because the disk is full. */
  int lostOutput() {
    print("the result cannot be written to standard output");
    return FAULT;
  }

  /** What was asked for and what needs less; empty if this is no lack of memory. */
  private static Optional<String> outOfMemory(Throwable e) {
    String reason = oneLine(e.getMessage());
    if (e instanceof CudaOutOfMemoryException) {
      return Optional.of(reason);
    }
    Matcher cuda = TORCH_CUDA_ALLOCATION.matcher(reason);
    if (cuda.find()) {
      return Optional.of(
          "out of GPU memory: asked=%s, free=%s; needs less with a smaller --hidden, --batch-size, --eval-batch-size or --fanout, fewer --device-slots"
              .formatted(cuda.group(1), cuda.group(2)));
    }
    Matcher libtorch = LIBTORCH_ALLOCATION.matcher(reason);
    if (libtorch.find()) {
      return Optional.of(
          "out of memory, the model or its batches need more than this machine has (smaller"
              + " --hidden, --batch-size, --eval-batch-size or --fanout): "
              + libtorch.group());
    }
    return e instanceof OutOfMemoryError
        ? Optional.of("out of memory, give Java more: MILLRACE_JAVA_OPTS=-Xmx8g: " + reason)
        : Optional.empty();
  }

  private void print(String line) {
    err.println("millrace: " + line);
  }

  private static String oneLine(String message) {
    return Printable.of(String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", "; "));
  }
}
