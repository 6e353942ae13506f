package io.millrace.spark.barrier;

import io.millrace.ranks.ring.RingCollective;
import java.io.Serializable;
import java.util.Optional;

/**
 * What a rank does in its task, once it has met the others.
 *
 * @param <T> of the result, which Java can serialize
 */
@FunctionalInterface
interface RankWork<T> extends Serializable {
  /**
   * @param ring stays the caller's
   * @return on rank 0
   */
  Optional<T> run(RingCollective ring);
}
