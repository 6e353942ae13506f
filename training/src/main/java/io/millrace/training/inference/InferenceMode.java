package io.millrace.training.inference;

import io.millrace.BadInputException;
import io.millrace.sampler.Fanout;

/** How a node's neighbourhood is taken into account. Immutable values. */
public sealed interface InferenceMode {
  /** All neighbours; each layer is computed once for every node. Exact. */
  static InferenceMode layerwise() {
    return new Layerwise();
  }

  /** Sampled neighbourhoods, 1024 nodes a batch, once. */
  static Sampled sampled(Fanout fanout) {
    return new Sampled(fanout, 1, 1024);
  }

  /** 20 neighbours per layer, with which SALIENT infers. */
  static Fanout defaultFanout(int numLayers) {
    return Fanout.uniform(20, numLayers);
  }

  /** See {@link #layerwise}. */
  record Layerwise() implements InferenceMode {}

  /**
   * See {@link #sampled}.
   *
   * @param fanout neighbours per hop, hop 1 first
   * @param repeats samples of each node; their logits, and embeddings, are averaged
   * @param batchSize nodes a batch
   */
  record Sampled(Fanout fanout, int repeats, int batchSize) implements InferenceMode {
    public Sampled {
      if (repeats < 1 || batchSize < 1) {
        throw BadInputException.of(
            "sampled inference needs a sample and a node a batch",
            "repeats",
            repeats,
            "batchSize",
            batchSize);
      }
    }

    /** The same with other repeats. */
    public Sampled repeats(int value) {
      return new Sampled(fanout, value, batchSize);
    }

    /** The same with other batches. */
    public Sampled batchSize(int value) {
      return new Sampled(fanout, repeats, value);
    }
  }
}
