package io.millrace.datasets;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.lang.foreign.ValueLayout;

/**
 * The attributes that an edge has besides its two ends. They move with the edge into its row. A
 * reverse edge has the attributes of the given edge; of duplicates the first in the input is kept,
 * with its attributes.
 *
 * <p>While edges are sorted, the columns of one edge lie together:
 *
 * <pre>
 *   offset 0  position in the input  int64     if there are ids
 *             time                   int64     if there are times
 *             weight                 float32   if there are weights
 *             features               float32   featureDim times
 * </pre>
 *
 * @param ids the position of each edge in the input, from 0: {@code edge_ids.npy}
 * @param weights {@code edge_weights.npy}
 * @param times {@code edge_time.npy}
 * @param featureDim values per edge of {@code edge_features.npy}; 0 = no edge features
 */
public record EdgeColumns(boolean ids, boolean weights, boolean times, int featureDim) {
  /** Edges without attributes. */
  public static final EdgeColumns NONE = new EdgeColumns(false, false, false, 0);

  @Internal public static final ValueLayout.OfLong LONG = JAVA_LONG_UNALIGNED;
  @Internal public static final ValueLayout.OfFloat FLOAT = JAVA_FLOAT_UNALIGNED;

  /** Most values per edge. */
  static final int MAX_FEATURE_DIM = 1 << 16;

  /** Checks the range. */
  public EdgeColumns {
    if (featureDim < 0 || featureDim > MAX_FEATURE_DIM) {
      throw BadInputException.of(
          "edge features out of range", "edgeFeatures", featureDim, "max", MAX_FEATURE_DIM);
    }
  }

  /** Bytes of attributes per edge. */
  @Internal
  public int bytes() {
    return featureOffset() + featureDim * Float.BYTES;
  }

  @Internal
  public int timeOffset() {
    return ids ? Long.BYTES : 0;
  }

  @Internal
  public int weightOffset() {
    return timeOffset() + (times ? Long.BYTES : 0);
  }

  @Internal
  public int featureOffset() {
    return weightOffset() + (weights ? Float.BYTES : 0);
  }
}
