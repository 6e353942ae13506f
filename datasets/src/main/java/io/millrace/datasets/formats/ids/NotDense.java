package io.millrace.datasets.formats.ids;

/** Ids that were taken for node ids turn out to be numbers of another kind. */
public final class NotDense extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotDense(String message) {
    super(message, null, false, false);
  }
}
