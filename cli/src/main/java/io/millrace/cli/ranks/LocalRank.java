package io.millrace.cli.ranks;

import io.millrace.Internal;
import io.millrace.ranks.RankFailedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process on this machine that is a rank. What it prints is read and dropped, except for the port
 * where it listens and its last line of errors. Used by one thread.
 */
@Internal
public final class LocalRank implements AutoCloseable {
  /** Before the port on the child's standard output. */
  static final String PORT = "millrace-rank-port ";

  private static final int MAX_LINE = 2000;
  private static final int START_SECONDS = 120;

  /** How long processes have to end by themselves. */
  static final long END_NANOS = 10_000_000_000L;

  private final int rank;
  private final Process process;
  private final Writer lifeline;
  private final Thread errors;
  private final CompletableFuture<Integer> port = new CompletableFuture<>();
  private volatile String lastError = "";

  LocalRank(int rank, Process process) {
    this.rank = rank;
    this.process = process;
    lifeline = process.outputWriter();
    Thread.ofVirtual().start(() -> read(process.inputReader(), this::output));
    errors = Thread.ofVirtual().start(() -> read(process.errorReader(), it -> lastError = it));
  }

  private interface Reader {
    void line(String text);
  }

  private void read(BufferedReader from, Reader reader) {
    try {
      for (String line = from.readLine(); line != null; line = from.readLine()) {
        reader.line(line.length() <= MAX_LINE ? line : line.substring(0, MAX_LINE));
      }
    } catch (IOException e) {
      // the process has ended
    }
  }

  private void output(String line) {
    if (line.startsWith(PORT)) {
      port.complete(Integer.parseInt(line.substring(PORT.length())));
    }
  }

  void tell(String line) {
    try {
      lifeline.write(line + "\n");
      lifeline.flush();
    } catch (IOException e) {
      throw failure("the process has ended");
    }
  }

  /** Where it listens; waits until it says so. */
  InetSocketAddress address() {
    CompletableFuture<Process> ended = process.onExit();
    try {
      CompletableFuture.anyOf(port, ended).get(START_SECONDS, TimeUnit.SECONDS);
      if (!port.isDone()) {
        errors.join(Duration.ofSeconds(1)); // its last line may still be on the way
        throw failure("the process has ended with exit code " + process.exitValue());
      }
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), port.join());
    } catch (TimeoutException e) {
      throw failure("the process has not started within " + START_SECONDS + " s");
    } catch (ExecutionException e) {
      throw failure(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("interrupted");
    }
  }

  private RankFailedException failure(String reason) {
    String line = lastError.isEmpty() ? "" : ", its last line: " + lastError;
    return new RankFailedException(rank, 0, reason + line);
  }

  /** Lets go of the process, which ends by that wherever it is. */
  void abandon() {
    try {
      lifeline.close();
    } catch (IOException e) {
      // the process has ended
    }
  }

  /** Waits for the process to end, and ends it if it does not. */
  @Override
  public void close() {
    close(System.nanoTime() + END_NANOS);
  }

  /**
   * The same, for several that have the same time.
   *
   * @param untilNanos when to end it
   */
  void close(long untilNanos) {
    try {
      long left = Math.max(0, untilNanos - System.nanoTime());
      if (!process.waitFor(left, TimeUnit.NANOSECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    abandon();
  }
}
