package io.millrace.transfer;

/**
 * A stage of the pipeline failed. The message names stage, epoch and batch; the cause is the
 * original exception.
 */
public final class PipelineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PipelineException(String stage, int epoch, int batch, Throwable cause) {
    super(stage + " failed: epoch=" + epoch + ", batch=" + batch + ", cause=" + cause, cause);
  }
}
