package io.millrace.cli.train;

import io.millrace.Internal;

/** What a training predicts: the option {@code --task}. */
@Internal
public enum TaskKind {
  NODE,
  LINK,
  REGRESSION
}
