package io.millrace.training.nn;

/**
 * A model made of {@link LayerConfig}: each setter gives a changed copy.
 *
 * @param <M> the model itself
 */
public interface LayeredModel<M extends LayeredModel<M>> extends GraphModel {
  LayerConfig layers();

  /** The same model with other layers. */
  M layers(LayerConfig value);

  default M dropout(double value) {
    return layers(layers().dropout(value));
  }

  default M norm(Norm value) {
    return layers(layers().norm(value));
  }

  default M activation(Nonlinearity value) {
    return layers(layers().activation(value));
  }

  default M residual(boolean value) {
    return layers(layers().residual(value));
  }

  /** The number of hops, one per layer. */
  @Override
  default int numHops() {
    return layers().count();
  }
}
