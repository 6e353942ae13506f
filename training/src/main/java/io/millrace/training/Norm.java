package io.millrace.training;

/** What normalises the hidden values between two layers. */
public enum Norm {
  NONE,
  /** Batch normalisation (Ioffe and Szegedy 2015), with torch's defaults. */
  BATCH
}
