package io.millrace.slicing;

import io.millrace.BadInputException;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import java.lang.foreign.MemorySegment;

/**
 * The rows of a matrix that is mapped or in memory, as they are or widened from float16 to float32.
 * Each row is copied from a random place of the matrix to the next place of the output. Immutable.
 */
record MatrixFeatures(FeatureMatrix features, FeatureType type, RowGather rowGather)
    implements FeatureStore {
  static MatrixFeatures of(FeatureMatrix features, FeatureType type, GatherKind kind) {
    if (features.type() == FeatureType.FLOAT32 && type == FeatureType.FLOAT16) {
      throw BadInputException.of(
          "features cannot be converted to a narrower type on the way",
          "stored",
          features.type(),
          "asked",
          type);
    }
    return new MatrixFeatures(features, type, RowGather.of(kind));
  }

  @Override
  public int dim() {
    return features.dim();
  }

  @Override
  public void gather(int[] nodes, int count, MemorySegment out) {
    if (type == features.type()) {
      rowGather.copy(features.rows(), features.rowBytes(), nodes, count, out);
    } else {
      rowGather.widen(features.rows(), features.dim(), nodes, count, out);
    }
  }
}
