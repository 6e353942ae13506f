package io.millrace.sampler;

import io.millrace.BadInputException;

/**
 * A neighbourhood has more edges than {@link SamplerBuilder#maxEdges} allows. With several seeds,
 * each alone may be within the limit.
 */
public final class LargeNeighborhoodException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private LargeNeighborhoodException(String message) {
    super(message);
  }

  static LargeNeighborhoodException of(int firstSeed, int numSeeds, long maxEdges) {
    return new LargeNeighborhoodException(
        BadInputException.of(
                "neighbourhood has too many edges",
                numSeeds == 1 ? "node" : "firstNode",
                firstSeed,
                "numNodes",
                numSeeds,
                "maxEdges",
                maxEdges)
            .getMessage());
  }
}
