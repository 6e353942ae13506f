package io.millrace.ranks;

/**
 * All ranks have stopped between two steps, because rank 0 has asked for it, and rank 0 has written
 * a checkpoint: the training can go on from there with other ranks. It is no failure.
 */
public final class RanksPausedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String request;

  /**
   * @param request what rank 0 has asked with
   */
  public RanksPausedException(String request) {
    super("the training pauses between two steps: request=" + request);
    this.request = request;
  }

  /** What rank 0 has asked with, the same on all ranks. */
  public String request() {
    return request;
  }
}
