package io.millrace.datasets;

import io.millrace.Internal;
import io.millrace.datasets.npy.NpyType;
import java.util.List;
import java.util.Set;

/** The files of a dataset directory, besides {@code dataset.yaml}, which lists them by path. */
@Internal
public enum DatasetFile {
  INDPTR("indptr.npy"),
  INDICES("indices.npy"),
  EDGE_IDS("edge_ids.npy"),
  EDGE_TIME("edge_time.npy"),
  EDGE_WEIGHTS("edge_weights.npy"),
  EDGE_FEATURES("edge_features.npy"),
  FEATURES("features.npy"),
  ASSIGNMENT("assignment.npy"),
  LABELS("labels.npy"),
  TARGETS("targets.npy"),
  TRAIN("split/train.npy"),
  VALID("split/valid.npy"),
  TEST("split/test.npy"),
  NAME_OFFSETS("dictionary/name_offsets.npy"),
  NAME_BYTES("dictionary/name_bytes.npy"),
  BUCKET_STARTS("dictionary/bucket_starts.npy"),
  BUCKET_NODES("dictionary/bucket_nodes.npy");

  /** The columns of edges, each of which a graph may have or not. */
  public static final List<DatasetFile> EDGE_COLUMNS =
      List.of(EDGE_IDS, EDGE_TIME, EDGE_WEIGHTS, EDGE_FEATURES);

  /**
   * Paths of what does not count as content: it follows from other files, or says which part of it
   * a dataset has. The last one is in older datasets, and never parsed.
   */
  static final Set<String> DERIVED =
      Set.of(ASSIGNMENT.path, BUCKET_STARTS.path, BUCKET_NODES.path, "dictionary/nodes.chm");

  private final String path;

  DatasetFile(String path) {
    this.path = path;
  }

  /** The file of a split's nodes. */
  static DatasetFile of(Split split) {
    return switch (split) {
      case TRAIN -> TRAIN;
      case VALID -> VALID;
      case TEST -> TEST;
    };
  }

  /** The path inside a dataset directory. */
  public String path() {
    return path;
  }

  /**
   * The type of the elements, where it is the same in every dataset.
   *
   * @throws IllegalStateException for features and labels
   */
  public NpyType type() {
    return switch (this) {
      case INDPTR, EDGE_IDS, EDGE_TIME, NAME_OFFSETS -> NpyType.INT64;
      case INDICES, ASSIGNMENT, TRAIN, VALID, TEST, BUCKET_STARTS, BUCKET_NODES -> NpyType.INT32;
      case EDGE_WEIGHTS, EDGE_FEATURES, TARGETS -> NpyType.FLOAT32;
      case NAME_BYTES -> NpyType.UINT8;
      case FEATURES, LABELS -> throw new IllegalStateException("its type is not fixed: " + path);
    };
  }

  /** Whether the file belongs to a graph whose edges have the given columns. */
  public boolean isIn(EdgeColumns columns) {
    return switch (this) {
      case INDPTR, INDICES -> true;
      case EDGE_IDS -> columns.ids();
      case EDGE_TIME -> columns.times();
      case EDGE_WEIGHTS -> columns.weights();
      case EDGE_FEATURES -> columns.featureDim() > 0;
      default -> false;
    };
  }

  /** Sizes of a row beyond the first dimension, of a graph's file. */
  public long[] rowShape(EdgeColumns columns) {
    return this == EDGE_FEATURES ? new long[] {columns.featureDim()} : new long[0];
  }

  /** Length of the first dimension, of a graph's file. */
  public long rows(int numNodes, long numEdges) {
    return this == INDPTR ? numNodes + 1L : numEdges;
  }
}
