package io.millrace.slicing.cache;

import io.millrace.BadInputException;
import java.util.Objects;

/**
 * How large a cache of feature rows may be, and which rows it holds.
 *
 * @param bytes of memory for the rows and their index; the cache takes less if there are not as
 *     many rows
 */
public record CacheSettings(long bytes, CacheRanking ranking) {
  /**
   * @throws BadInputException unless the size is positive
   */
  public CacheSettings {
    Objects.requireNonNull(ranking, "ranking");
    if (bytes < 1) {
      throw BadInputException.of("feature cache must have a positive size", "bytes", bytes);
    }
  }

  /** Ranked by {@link CacheRanking#VIP}. */
  public static CacheSettings of(long bytes) {
    return new CacheSettings(bytes, CacheRanking.VIP);
  }
}
