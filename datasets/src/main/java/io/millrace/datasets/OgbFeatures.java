package io.millrace.datasets;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Streams {@code node-feat.csv} into {@code features.npy}: one line of comma-separated numbers per
 * node, normalised and stored as the options say. Only a block of rows is in memory at a time; to
 * standardise columns, the file is read twice.
 */
final class OgbFeatures {
  private static final int BLOCK_BYTES = 1 << 20;

  /** Lines between two calls of {@link Progress}. */
  private static final int LINES_PER_UPDATE = 1 << 16;

  private final Path file;
  private final int numNodes;
  private final OgbOptions options;
  private final Progress progress;

  OgbFeatures(Path file, int numNodes, OgbOptions options, Progress progress) {
    this.file = file;
    this.numNodes = numNodes;
    this.options = options;
    this.progress = progress;
  }

  DatasetDescription.Features writeTo(DatasetWriter writer) {
    FeatureType type = options.featureType();
    int dim = dim();
    Optional<ColumnScaling> scaling =
        options.normalization() == Normalization.COLUMN
            ? Optional.of(columnScaling(dim))
            : Optional.empty();
    try (CsvReader csv = CsvReader.open(file)) {
      csv.nextLine();
      writer.write(
          DatasetFiles.FEATURES,
          NpyType.of(type),
          new long[] {numNodes, dim},
          npy -> copy(csv, dim, scaling, npy));
      return new DatasetDescription.Features(dim, type);
    }
  }

  private int dim() {
    try (CsvReader csv = CsvReader.open(file)) {
      if (!csv.nextLine()) {
        throw BadInputException.of("file is empty", "file", file);
      }
      return csv.countColumns();
    }
  }

  private ColumnScaling columnScaling(int dim) {
    ColumnScaling scaling = new ColumnScaling(dim);
    float[] row = new float[dim];
    try (CsvReader csv = CsvReader.open(file)) {
      while (csv.nextLine()) {
        OgbTables.requireLines(csv, numNodes);
        read(csv, row);
        scaling.add(row);
        if (csv.line() % LINES_PER_UPDATE == 0) {
          progress.update("measure features", csv.line(), numNodes);
        }
      }
      OgbTables.requireAllLines(csv, numNodes);
    }
    return scaling;
  }

  private void copy(CsvReader csv, int dim, Optional<ColumnScaling> scaling, NpyWriter npy)
      throws IOException {
    long rowBytes = (long) dim * options.featureType().bytes();
    int blockRows = (int) Math.max(1, BLOCK_BYTES / rowBytes);
    MemorySegment block = MemorySegment.ofArray(new long[longs(blockRows * rowBytes)]);
    float[] row = new float[dim];
    int filled = 0;
    do {
      OgbTables.requireLines(csv, numNodes);
      read(csv, row);
      scaling.ifPresent(columns -> columns.apply(row));
      int tooLarge = FeatureRows.put(row, options.featureType(), block, filled);
      if (tooLarge >= 0) {
        throw csv.error(
            "feature does not fit float16", "column", tooLarge + 1, "value", row[tooLarge]);
      }
      if (++filled == blockRows) {
        npy.write(block.asSlice(0, filled * rowBytes));
        progress.update("read features", csv.line(), numNodes);
        filled = 0;
      }
    } while (csv.nextLine());
    OgbTables.requireAllLines(csv, numNodes);
    npy.write(block.asSlice(0, filled * rowBytes));
    progress.update("read features", numNodes, numNodes);
  }

  private static int longs(long bytes) {
    return Math.toIntExact(Math.ceilDiv(bytes, Long.BYTES));
  }

  private void read(CsvReader csv, float[] row) {
    double sum = 0;
    for (int column = 0; column < row.length; column++) {
      float value = csv.nextFloat();
      if (!Float.isFinite(value)) {
        throw csv.error("feature is not finite", "column", column + 1, "value", value);
      }
      row[column] = value;
      sum += Math.abs(value);
    }
    csv.endLine();
    if (options.normalization() == Normalization.ROW && sum > 0) {
      for (int column = 0; column < row.length; column++) {
        row[column] = (float) (row[column] / sum);
      }
    }
  }
}
