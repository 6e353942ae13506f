package io.millrace.datasets.formats.ids;

import io.millrace.Internal;

/** Ids that were taken for node ids turn out to be numbers of another kind. */
@Internal
public final class NotDense extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotDense(String message) {
    super(message, null, false, false);
  }
}
