package io.millrace.datasets.formats.ids;

import io.millrace.Internal;

/** Ids were assumed to be of one kind, and one of them shows that they are of another. */
@Internal
public final class OtherKindException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final NodeIdKind kind;

  OtherKindException(NodeIdKind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  /** The kind that they are of. */
  public NodeIdKind kind() {
    return kind;
  }

  /** Why, for people. */
  public String reason() {
    return (kind == NodeIdKind.STRING ? "an id has leading zeros: " : "no node numbers: ")
        + getMessage();
  }
}
