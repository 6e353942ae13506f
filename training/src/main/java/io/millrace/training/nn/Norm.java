package io.millrace.training.nn;

/** What normalises the hidden values between two layers. */
public enum Norm {
  NONE,
  /** Batch normalisation (Ioffe and Szegedy 2015), with torch's defaults: each column. */
  BATCH,
  /** Layer normalisation (Ba, Kiros and Hinton 2016), with torch's defaults: each row. */
  LAYER
}
