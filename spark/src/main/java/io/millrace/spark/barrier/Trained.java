package io.millrace.spark.barrier;

import io.millrace.Internal;
import java.io.Serial;
import java.io.Serializable;

/**
 * What rank 0 sends back.
 *
 * @param model the bytes of {@code model.safetensors}
 * @param epochs how many were trained
 * @param valid the metric on the validation nodes, of the best epoch
 * @param test the metric on the test nodes; NaN without any
 * @param seconds of the last attempt
 */
@Internal
public record Trained(byte[] model, int epochs, double valid, double test, double seconds)
    implements Serializable {
  @Serial private static final long serialVersionUID = 1;
}
