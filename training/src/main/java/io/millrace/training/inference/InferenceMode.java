package io.millrace.training.inference;

import io.millrace.BadInputException;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.draw.Draw;

/** How an inference uses the neighbourhood of a node. Immutable values. */
public sealed interface InferenceMode {
  /** All neighbours are used, and each layer is computed once for every node. This is exact. */
  static InferenceMode layerwise() {
    return new Layerwise();
  }

  /** Sampled neighbourhoods, 1024 nodes per batch, one sample of each node. */
  static Sampled sampled(Fanout fanout) {
    return new Sampled(fanout, Draw.uniform(), 1, 1024);
  }

  /** 20 neighbours per layer, which SALIENT uses for inference. */
  static Fanout defaultFanout(int numLayers) {
    return Fanout.uniform(20, numLayers);
  }

  /** The mode of {@link #layerwise}. */
  record Layerwise() implements InferenceMode {}

  /**
   * The mode of {@link #sampled}.
   *
   * @param fanout neighbours per hop, hop 1 first
   * @param draw how neighbours are drawn
   * @param repeats number of samples of each node; their logits and embeddings are averaged
   * @param batchSize nodes per batch
   */
  record Sampled(Fanout fanout, Draw draw, int repeats, int batchSize) implements InferenceMode {
    public Sampled {
      if (repeats < 1 || batchSize < 1) {
        throw BadInputException.of(
            "sampled inference needs at least one sample, and one node per batch",
            "repeats",
            repeats,
            "batchSize",
            batchSize);
      }
    }

    /** The same mode with another way to draw. */
    public Sampled draw(Draw value) {
      return new Sampled(fanout, value, repeats, batchSize);
    }

    /** The same mode with another number of samples of each node. */
    public Sampled repeats(int value) {
      return new Sampled(fanout, draw, value, batchSize);
    }

    /** The same mode with another batch size. */
    public Sampled batchSize(int value) {
      return new Sampled(fanout, draw, repeats, value);
    }
  }
}
