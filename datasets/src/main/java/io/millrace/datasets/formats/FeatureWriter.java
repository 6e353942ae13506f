package io.millrace.datasets.formats;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.DatasetFile;
import io.millrace.datasets.DatasetWriter;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.RoundingError;
import io.millrace.datasets.formats.features.FeatureSource;
import io.millrace.datasets.formats.features.NpzRows;
import io.millrace.datasets.formats.features.NumpyRows;
import io.millrace.datasets.formats.features.PreparedRows;
import io.millrace.datasets.formats.features.RandomProjection;
import io.millrace.datasets.formats.features.Reduction;
import io.millrace.datasets.formats.features.ReorderedRows;
import io.millrace.datasets.npy.NpyWriter;
import io.millrace.datasets.npy.NumpyReader;
import io.millrace.datasets.platform.DiskSpace;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Streams the feature rows of a source, or of {@link ImportOptions#featureFile}, into {@code
 * features.npy}: filled and normalised in float64 ({@link PreparedRows}), rounded to float32,
 * reduced, rounded to the type that is stored, as the options say. Only a block of rows is in
 * memory at a time; for statistics of the columns the source is read twice.
 */
final class FeatureWriter {
  private static final int BLOCK_BYTES = 1 << 20;

  private final SourceTables tables;
  private final Optional<int[]> fileRows;
  private final ImportOptions options;
  private final Progress progress;
  private RoundingError rounding = RoundingError.NONE;

  /**
   * @param fileRows the row of each node in the feature file; empty if row v belongs to node v
   */
  FeatureWriter(
      SourceTables tables, Optional<int[]> fileRows, ImportOptions options, Progress progress) {
    this.tables = tables;
    this.fileRows = fileRows;
    this.options = options;
    this.progress = progress;
  }

  /** Writes all rows, if the source has features. */
  Optional<DatasetDescription.Features> writeTo(DatasetWriter writer) {
    PreparedRows prepared = new PreparedRows(options.normalization(), options.missing());
    if (prepared.needsStatistics()) {
      open(writer).ifPresent(source -> measure(source, prepared));
    }
    Optional<FeatureSource> source = open(writer);
    if (source.isEmpty() && options.reduction().isPresent()) {
      throw BadInputException.of("there are no features to reduce", "source", tables.name());
    }
    return source.map(rows -> copy(rows, prepared, writer));
  }

  private Optional<FeatureSource> open(DatasetWriter writer) {
    Path scratch = writer.temporary("features");
    return options.featureFile().isPresent()
        ? Optional.of(open(options.featureFile().get(), scratch))
        : tables.features(scratch);
  }

  private FeatureSource open(Path file, Path scratch) {
    FeatureSource source =
        file.getFileName().toString().endsWith(".npz")
            ? NpzRows.open(file, tables.numNodes(), scratch)
            : NumpyRows.of(NumpyReader.open(file), tables.numNodes(), scratch);
    return fileRows.isPresent() ? ReorderedRows.of(source, file, fileRows.get(), scratch) : source;
  }

  private void measure(FeatureSource source, PreparedRows prepared) {
    double[] row = new double[source.dim()];
    try (source) {
      for (int node = 0; node < tables.numNodes(); node++) {
        prepared.measure(source, row);
        update("measure features", node + 1, blockRows(row.length));
      }
      prepared.requireMeans(source);
    }
  }

  private DatasetDescription.Features copy(
      FeatureSource source, PreparedRows prepared, DatasetWriter writer) {
    try (source) {
      FeatureType type = options.featureType();
      int dim = storedDim(source);
      DiskSpace.require(writer.directory(), (long) tables.numNodes() * dim * type.bytes());
      long[] shape = {tables.numNodes(), dim};
      writer.write(
          DatasetFile.FEATURES.path(),
          type.npyType(),
          shape,
          npy -> copy(source, prepared, dim, npy));
      return new DatasetDescription.Features(
          dim, type, type == FeatureType.FLOAT16 ? Optional.of(rounding) : Optional.empty());
    }
  }

  private int storedDim(FeatureSource source) {
    int dim = options.reduction().map(Reduction::dim).orElse(source.dim());
    if (dim > source.dim()) {
      throw source.error("too few columns to reduce", "columns", source.dim(), "reduceTo", dim);
    }
    return dim;
  }

  private void copy(FeatureSource source, PreparedRows prepared, int dim, NpyWriter npy)
      throws IOException {
    Optional<RandomProjection> projection =
        options.reduction().map(reduction -> new RandomProjection(dim, reduction.seed()));
    double[] values = new double[source.dim()];
    float[] row = new float[source.dim()];
    float[] stored = projection.isPresent() ? new float[dim] : row;
    int blockRows = blockRows(dim);
    long rowBytes = (long) dim * options.featureType().bytes();
    MemorySegment block =
        MemorySegment.ofArray(
            new long[Math.toIntExact(Math.ceilDiv(blockRows * rowBytes, Long.BYTES))]);
    for (int first = 0; first < tables.numNodes(); first += blockRows) {
      int rows = Math.min(blockRows, tables.numNodes() - first);
      for (int i = 0; i < rows; i++) {
        prepared.next(source, values);
        round(source, values, row);
        projection.ifPresent(matrix -> matrix.apply(row, stored));
        put(source, stored, block, i);
      }
      npy.write(block.asSlice(0, rows * rowBytes));
      update("read features", first + rows, blockRows);
    }
    source.end();
  }

  private int blockRows(int dim) {
    return (int) Math.max(1, BLOCK_BYTES / ((long) dim * options.featureType().bytes()));
  }

  /** Reports progress once per block. */
  private void update(String stage, int done, int blockRows) {
    if (done % blockRows == 0 || done == tables.numNodes()) {
      progress.update(stage, done, tables.numNodes());
    }
  }

  private static void round(FeatureSource source, double[] values, float[] row) {
    for (int column = 0; column < row.length; column++) {
      row[column] = (float) values[column];
    }
    requireFinite("feature is not finite", source, row);
  }

  private void put(FeatureSource source, float[] row, MemorySegment block, int index) {
    if (options.reduction().isPresent()) {
      requireFinite("reduced feature is not finite", source, row); // sums can be beyond float32
    }
    int tooLarge = options.featureType().put(row, block, index);
    if (tooLarge >= 0) {
      throw source.error(
          "feature does not fit float16", "column", tooLarge + 1, "value", row[tooLarge]);
    }
    if (options.featureType() == FeatureType.FLOAT16) {
      rounding = rounding.andFloat16(row);
    }
  }

  private static void requireFinite(String rule, FeatureSource source, float[] row) {
    for (int column = 0; column < row.length; column++) {
      if (!Float.isFinite(row[column])) {
        throw source.error(rule, "column", column + 1, "value", row[column]);
      }
    }
  }
}
