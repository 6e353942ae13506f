package io.millrace.datasets;

import io.millrace.Internal;

/** The names of a dataset directory's files, as {@code dataset.yaml} lists them. */
@Internal
public final class DatasetFiles {
  static final String INDPTR = "indptr.npy";
  static final String INDICES = "indices.npy";
  static final String EDGE_IDS = "edge_ids.npy";
  static final String EDGE_TIME = "edge_time.npy";
  static final String EDGE_WEIGHTS = "edge_weights.npy";
  static final String EDGE_FEATURES = "edge_features.npy";
  public static final String FEATURES = "features.npy";
  static final String LABELS = "labels.npy";
  static final String NAME_OFFSETS = "dictionary/name_offsets.npy";
  static final String NAME_BYTES = "dictionary/name_bytes.npy";
  static final String NODE_INDEX = "dictionary/nodes.chm";
  static final String SPLIT_FOLDER = "split";

  private DatasetFiles() {}

  static String split(Split split) {
    return SPLIT_FOLDER + "/" + split.fileName() + ".npy";
  }
}
