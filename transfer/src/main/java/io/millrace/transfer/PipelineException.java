package io.millrace.transfer;

/**
 * A stage of the pipeline failed; the message names the stage and the batch, the cause is what
 * happened.
 */
public final class PipelineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PipelineException(String stage, int epoch, int batch, Throwable cause) {
    super(stage + " failed: epoch=" + epoch + ", batch=" + batch + ", cause=" + cause, cause);
  }
}
