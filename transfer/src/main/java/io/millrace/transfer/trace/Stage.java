package io.millrace.transfer.trace;

/** What a thread of a pipeline does. A thread is in one stage at a time. */
public enum Stage {
  /** A worker takes the next batch number and its seeds. */
  PLAN,
  /** A worker samples neighbourhoods. */
  SAMPLE,
  /** A worker gathers features and labels into a slot. */
  SLICE,
  /** The consumer hands batches to the device: on a GPU it enqueues copies. */
  COPY,
  /** The consumer trains on a batch: forward, backward, optimizer. */
  COMPUTE,
  /** The consumer predicts a batch, for an evaluation or an inference. */
  EVALUATE,
  /** A worker waits for a free slot: the consumer is slower. */
  WAIT_FOR_ROOM,
  /** The consumer waits for a batch: the workers are slower. */
  WAIT_FOR_DATA,
  /** Anything else, for example the caller's own code between two batches. */
  OTHER;

  /** As reports and trace files name it: {@code wait for data}. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }

  /** Whether the thread does nothing but wait for another one. */
  public boolean isWait() {
    return this == WAIT_FOR_ROOM || this == WAIT_FOR_DATA;
  }
}
