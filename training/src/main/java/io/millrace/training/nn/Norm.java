package io.millrace.training.nn;

/** The normalisation of the hidden values between two layers. */
public enum Norm {
  NONE,
  /** Batch normalisation (Ioffe and Szegedy 2015), with torch's defaults: over each column. */
  BATCH,
  /** Layer normalisation (Ba, Kiros and Hinton 2016), with torch's defaults: over each row. */
  LAYER
}
