package io.millrace.bench.step;

/**
 * A layer that a training step is measured on.
 *
 * @param numSrc sources, of which the first are the destinations
 * @param indices local ids of the sources, row after row
 * @param indptr row bounds, {@code [numDst + 1]}
 */
record StepLayer(int numSrc, int[] indices, int[] indptr) {
  int numDst() {
    return indptr.length - 1;
  }

  int numEdges() {
    return indices.length;
  }
}
