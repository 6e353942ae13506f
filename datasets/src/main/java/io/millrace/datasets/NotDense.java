package io.millrace.datasets;

/** Ids that were taken for node ids turn out to be numbers of another kind. */
final class NotDense extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotDense(String message) {
    super(message, null, false, false);
  }
}
