package io.millrace.datasets;

import io.millrace.Internal;
import io.millrace.datasets.npy.NpyType;
import java.util.List;

/** The arrays that a build makes: the graph's own, and one for each thing that edges carry. */
@Internal
public enum DatasetFile {
  INDPTR(DatasetFiles.INDPTR, NpyType.INT64),
  INDICES(DatasetFiles.INDICES, NpyType.INT32),
  EDGE_IDS(DatasetFiles.EDGE_IDS, NpyType.INT64),
  EDGE_TIME(DatasetFiles.EDGE_TIME, NpyType.INT64),
  EDGE_WEIGHTS(DatasetFiles.EDGE_WEIGHTS, NpyType.FLOAT32),
  EDGE_FEATURES(DatasetFiles.EDGE_FEATURES, NpyType.FLOAT32);

  /** Those that are not part of every graph. */
  public static final List<DatasetFile> EDGE_COLUMNS =
      List.of(EDGE_IDS, EDGE_TIME, EDGE_WEIGHTS, EDGE_FEATURES);

  private final String path;
  private final NpyType type;

  DatasetFile(String path, NpyType type) {
    this.path = path;
    this.type = type;
  }

  /** Of its file, inside a dataset directory. */
  public String path() {
    return path;
  }

  public NpyType type() {
    return type;
  }

  public boolean isIn(EdgeColumns columns) {
    return switch (this) {
      case INDPTR, INDICES -> true;
      case EDGE_IDS -> columns.ids();
      case EDGE_TIME -> columns.times();
      case EDGE_WEIGHTS -> columns.weights();
      case EDGE_FEATURES -> columns.featureDim() > 0;
    };
  }

  /** Sizes of a row beyond the first dimension. */
  public long[] rowShape(EdgeColumns columns) {
    return this == EDGE_FEATURES ? new long[] {columns.featureDim()} : new long[0];
  }

  /** Length of the first dimension. */
  public long rows(int numNodes, long numEdges) {
    return this == INDPTR ? numNodes + 1L : numEdges;
  }
}
