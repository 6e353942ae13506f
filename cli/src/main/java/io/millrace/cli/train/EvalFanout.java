package io.millrace.cli.train;

import io.millrace.Internal;
import io.millrace.sampler.Fanout;
import java.util.Optional;

/**
 * The value of {@code --eval-fanout}: a fanout, or all neighbours for any number of layers.
 *
 * @param given the fanout; empty means all neighbours
 */
@Internal
public record EvalFanout(Optional<Fanout> given) {
  private static final String ALL = "all";

  public static EvalFanout parse(String text) {
    return new EvalFanout(text.equals(ALL) ? Optional.empty() : Optional.of(Fanout.parse(text)));
  }

  Fanout of(int numLayers) {
    return given.orElseGet(() -> Fanout.uniform(Fanout.ALL, numLayers));
  }
}
