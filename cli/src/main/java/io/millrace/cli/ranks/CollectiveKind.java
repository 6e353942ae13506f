package io.millrace.cli.ranks;

import io.millrace.Internal;

/** How ranks reach each other. */
@Internal
public enum CollectiveKind {
  /** A ring of TCP connections. */
  TCP,
  /** The MPI library of the launcher that has started the ranks. */
  MPI
}
