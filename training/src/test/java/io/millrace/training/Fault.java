package io.millrace.training;

/** What a model's formula can get wrong; the tests of values must see each. */
public enum Fault {
  NONE,
  NO_ROOT_WEIGHT,
  SUM_FOR_MEAN,
  NO_BIAS,
  NO_DEGREE_OF_SOURCE,
  NO_DEGREE_OF_DESTINATION,
  NO_SELF_LOOP,
  SOFTMAX_OVER_DESTINATIONS,
  NO_SOFTMAX,
  NO_SLOPE,
  HEADS_MIXED,
  NO_EPS,
  NO_RESIDUAL,
  NO_FEATURES_IN_HEAD,
  RESIDUAL_IN_HEAD,
  LAST_LAYER_ONLY,
  NO_NORM,
  NO_ACTIVATION
}
