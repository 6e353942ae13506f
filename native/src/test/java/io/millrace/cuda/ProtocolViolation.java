package io.millrace.cuda;

/** A call that a real GPU would have obeyed, to the ruin of someone's data. */
public final class ProtocolViolation extends AssertionError {
  private static final long serialVersionUID = 1L;

  ProtocolViolation(String message) {
    super(message);
  }
}
