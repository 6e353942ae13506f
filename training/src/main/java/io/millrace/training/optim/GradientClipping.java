package io.millrace.training.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.millrace.Internal;
import io.millrace.training.torch.GradMode;
import io.millrace.training.torch.Scalars;
import java.util.Collection;
import java.util.List;

/**
 * Shortens the gradient where it is long (Pascanu, Mikolov and Bengio, ICML 2013), as torch's
 * clip_grad_norm_ does: all gradients together are one vector g, which becomes {@code g * min(1,
 * max / (|g| + 1e-6))}.
 *
 * <p>The factor is computed where the gradients are, without a round trip to the host. Stateless.
 */
@Internal
public final class GradientClipping {
  private static final float EPS = 1e-6f;

  private GradientClipping() {}

  /**
   * @param maxNorm the longest that the gradient may be, in the 2-norm
   */
  public static void clip(Collection<NDArray> parameters, double maxNorm) {
    try (GradMode _ = GradMode.off();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      List<NDArray> gradients = parameters.stream().map(NDArray::getGradient).toList();
      NDArray norm =
          gradients.stream()
              .map(gradient -> gradient.square().sum())
              .reduce(NDArray::add)
              .orElseThrow()
              .sqrt();
      NDArray factor =
          Scalars.like(norm, maxNorm)
              .div(norm.add(Scalars.like(norm, EPS)))
              .minimum(Scalars.like(norm, 1));
      gradients.forEach(gradient -> gradient.muli(factor));
    }
  }
}
