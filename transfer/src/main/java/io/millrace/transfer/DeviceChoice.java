package io.millrace.transfer;

/** Where the user wants to compute. */
public enum DeviceChoice {
  /** On the GPU if it can be used, else on the CPU, and {@link Placement.Cpu#reason} says why. */
  AUTO,
  CPU,
  /** On the GPU; it is an error if it cannot be used. */
  GPU
}
