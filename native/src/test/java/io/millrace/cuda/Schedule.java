package io.millrace.cuda;

/** When {@link RecordingCuda} does what was enqueued: all are allowed to a real GPU. */
public enum Schedule {
  /** At once, as far as the events allow. */
  EAGER,
  /** Only when the host waits for it, or has asked for it so often that it must be done by now. */
  LAZY,
  /** A little at a time, on a stream drawn at random. */
  RANDOM
}
