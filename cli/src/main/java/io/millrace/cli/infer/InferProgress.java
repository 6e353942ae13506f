package io.millrace.cli.infer;

import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.ProgressLine;
import io.millrace.training.inference.InferenceListener;
import io.millrace.training.inference.PassReport;

/**
 * Shows an inference: a line for each pass that is done and, meanwhile, nodes per second and the
 * time left.
 *
 * <p>Called by the thread that infers. Close it, also on failure.
 */
final class InferProgress implements InferenceListener, AutoCloseable {
  private final Output output;
  private final ProgressLine line;
  private String pass = "";
  private long startNanos;
  private long startDone;
  private long lastDone;
  private long lastTotal;

  InferProgress(Output output) {
    this.output = output;
    this.line = output.progressLine();
  }

  @Override
  public void progress(String newPass, long done, long total) {
    boolean anotherShard = total != lastTotal || done < lastDone; // of a process that has ended
    if (!newPass.equals(pass) || anotherShard) {
      pass = newPass;
      startNanos = System.nanoTime();
      startDone = done;
      line.start(pass, done, total);
    }
    lastDone = done;
    lastTotal = total;
    double seconds = Math.max(1e-3, (System.nanoTime() - startNanos) / 1e9);
    line.update(done, Format.format("%,.0f nodes/s", (done - startDone) / seconds));
  }

  @Override
  public void passDone(PassReport report) {
    String text =
        Format.format(
            "%s: %s nodes, %s edges, %.1f s, %,.0f nodes/s%s",
            report.name(),
            Format.count(report.numNodes()),
            Format.count(report.numEdges()),
            report.seconds(),
            report.numNodes() / Math.max(1e-9, report.seconds()),
            report.numLongRows() == 0
                ? ""
                : Format.format(", %s rows in parts", Format.count(report.numLongRows())));
    output.noteAbove(line, text);
  }

  @Override
  public void note(String message) {
    output.noteAbove(line, message);
  }

  @Override
  public void close() {
    line.stop();
  }
}
