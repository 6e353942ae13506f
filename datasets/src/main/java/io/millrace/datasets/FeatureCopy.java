package io.millrace.datasets;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * Streams the rows of a {@link FeatureSource} into {@code features.npy}, normalised and stored as
 * the options say. Only a block of rows is in memory at a time.
 */
final class FeatureCopy {
  private static final int BLOCK_BYTES = 1 << 20;

  private final FeatureSource source;
  private final int numNodes;
  private final ImportOptions options;
  private final Progress progress;

  private FeatureCopy(
      FeatureSource source, int numNodes, ImportOptions options, Progress progress) {
    this.source = source;
    this.numNodes = numNodes;
    this.options = options;
    this.progress = progress;
  }

  /** Writes all rows and closes the source. */
  static DatasetDescription.Features write(
      FeatureSource source,
      int numNodes,
      ImportOptions options,
      DatasetWriter writer,
      Progress progress) {
    try (source) {
      FeatureCopy copy = new FeatureCopy(source, numNodes, options, progress);
      FeatureType type = options.featureType();
      writer.write(
          DatasetFiles.FEATURES,
          NpyType.of(type),
          new long[] {numNodes, source.dim()},
          copy::copyTo);
      return new DatasetDescription.Features(source.dim(), type);
    }
  }

  private void copyTo(NpyWriter npy) throws IOException {
    long rowBytes = (long) source.dim() * options.featureType().bytes();
    int blockRows = (int) Math.max(1, BLOCK_BYTES / rowBytes);
    MemorySegment block =
        MemorySegment.ofArray(
            new long[Math.toIntExact(Math.ceilDiv(blockRows * rowBytes, Long.BYTES))]);
    float[] row = new float[source.dim()];
    for (int first = 0; first < numNodes; first += blockRows) {
      int rows = Math.min(blockRows, numNodes - first);
      for (int i = 0; i < rows; i++) {
        read(row);
        put(row, block, i);
      }
      npy.write(block.asSlice(0, rows * rowBytes));
      progress.update("read features", first + rows, numNodes);
    }
    source.end();
  }

  private void read(float[] row) {
    source.next(row);
    double sum = 0;
    for (int column = 0; column < row.length; column++) {
      if (!Float.isFinite(row[column])) {
        throw source.error("feature is not finite", "column", column + 1, "value", row[column]);
      }
      sum += Math.abs(row[column]);
    }
    if (options.normalization() == Normalization.ROW && sum > 0) {
      for (int column = 0; column < row.length; column++) {
        row[column] = (float) (row[column] / sum);
      }
    }
  }

  private void put(float[] row, MemorySegment block, int index) {
    int tooLarge = FeatureRows.put(row, options.featureType(), block, index);
    if (tooLarge >= 0) {
      throw source.error(
          "feature does not fit float16", "column", tooLarge + 1, "value", row[tooLarge]);
    }
  }
}
