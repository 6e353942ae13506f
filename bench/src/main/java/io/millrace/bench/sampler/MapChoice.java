package io.millrace.bench.sampler;

import io.millrace.sampler.IdMapKind;

/** The id maps as the command line names them. */
public enum MapChoice {
  AUTO(IdMapKind.AUTO),
  HASH(IdMapKind.FLAT_HASH),
  DIRECT(IdMapKind.DIRECT_ADDRESS);

  private final IdMapKind kind;

  MapChoice(IdMapKind kind) {
    this.kind = kind;
  }

  IdMapKind kind() {
    return kind;
  }
}
