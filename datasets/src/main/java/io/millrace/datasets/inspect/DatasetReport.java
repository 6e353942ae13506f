package io.millrace.datasets.inspect;

import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.DatasetFile;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Statistics of a dataset in which {@link DatasetInspector} found every invariant to hold.
 *
 * @param description counts, types and files
 * @param fingerprint the content's fingerprint, see {@link GraphDataset#fingerprint}
 * @param degrees statistics of the row lengths
 * @param edgeWeights range of the weights of edges, if there are any
 * @param edgeFeatures range of the features of edges, if there are any
 * @param edgeTimes first and last time of edges, if there are any
 * @param features range of the feature values, if there are any
 * @param labels nodes per class, if there are labels
 * @param targets nodes whose value is known, per target, if there are targets
 * @param splitSizes nodes per split, for the splits that exist
 */
public record DatasetReport(
    DatasetDescription description,
    String fingerprint,
    Degrees degrees,
    Optional<EdgeRange> edgeWeights,
    Optional<EdgeRange> edgeFeatures,
    Optional<TimeRange> edgeTimes,
    Optional<FeatureRange> features,
    Optional<LabelCounts> labels,
    Optional<LabelCounts> targets,
    Map<Split, Integer> splitSizes) {

  /**
   * @param first smallest time
   * @param last largest time
   * @param ordered whether the edges of each row are in the order of their times
   */
  public record TimeRange(long first, long last, boolean ordered) {}

  /**
   * The degree of a node is the length of its row: the number of its in-edges.
   *
   * @param min smallest degree
   * @param median middle degree (the lower of two)
   * @param mean edges per node
   * @param max largest degree
   * @param emptyRows nodes without in-edges
   * @param isolatedNodes nodes with neither in-edges nor out-edges
   * @param selfLoops edges from a node to itself
   * @param duplicateEdges edges beyond the first between the same two nodes in the same direction
   * @param symmetric whether every edge also exists in the other direction, equally often
   */
  public record Degrees(
      int min,
      int median,
      double mean,
      int max,
      int emptyRows,
      int isolatedNodes,
      long selfLoops,
      long duplicateEdges,
      boolean symmetric) {}

  /**
   * @param min smallest value
   * @param max largest value
   * @param mean mean of all values
   * @param zeroRows nodes whose features are all zero
   */
  public record FeatureRange(float min, float max, double mean, int zeroRows) {}

  /**
   * @param dim values per edge
   * @param min smallest value
   * @param max largest value
   * @param mean mean of all values
   * @param zeros how many values are 0
   */
  public record EdgeRange(int dim, float min, float max, double mean, long zeros) {}

  /**
   * @param perClass nodes of each class, or with each label, {@code [numClasses]}
   * @param unlabelled nodes without a known label
   */
  public record LabelCounts(List<Long> perClass, long unlabelled) {}

  /**
   * The report as plain numbers, strings, booleans, lists and maps, in the order to print it in.
   * Keys are in snake case, as in {@code dataset.yaml}; what the dataset does not have is omitted.
   */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", description.name());
    map.put("fingerprint", fingerprint);
    map.put("source", description.source());
    description.licence().ifPresent(value -> map.put("licence", value));
    map.put("num_nodes", description.numNodes());
    map.put("num_edges", description.numEdges());
    map.put("directed", description.directed());
    putDegrees(map);
    List<String> edgeFiles =
        DatasetFile.EDGE_COLUMNS.stream()
            .map(DatasetFile::path)
            .filter(description.files()::containsKey)
            .toList();
    if (!edgeFiles.isEmpty()) {
      map.put("edge_files", edgeFiles);
    }
    edgeWeights.ifPresent(range -> putEdges(map, "edge_weight", range));
    edgeTimes.ifPresent(
        range -> {
          map.put("edge_time_first", range.first);
          map.put("edge_time_last", range.last);
          map.put("rows_by_time", range.ordered);
        });
    edgeFeatures.ifPresent(
        range -> {
          map.put("edge_feature_dim", range.dim);
          putEdges(map, "edge_feature", range);
        });
    description.features().ifPresent(value -> putFeatures(map, value));
    labels.ifPresent(value -> putLabels(map, value));
    targets.ifPresent(value -> putTargets(map, value));
    Map<String, Object> splits = new LinkedHashMap<>();
    splitSizes.forEach((split, size) -> splits.put(split.fileName(), size));
    map.put("split", splits);
    map.put("total_bytes", description.totalBytes());
    return map;
  }

  private static void putEdges(Map<String, Object> map, String name, EdgeRange range) {
    map.put(name + "_min", range.min);
    map.put(name + "_max", range.max);
    map.put(name + "_mean", range.mean);
    map.put(name + "_zeros", range.zeros);
  }

  private void putDegrees(Map<String, Object> map) {
    map.put("degree_min", degrees.min);
    map.put("degree_median", degrees.median);
    map.put("degree_mean", degrees.mean);
    map.put("degree_max", degrees.max);
    map.put("empty_rows", degrees.emptyRows);
    map.put("isolated_nodes", degrees.isolatedNodes);
    map.put("self_loops", degrees.selfLoops);
    map.put("duplicate_edges", degrees.duplicateEdges);
    map.put("symmetric", degrees.symmetric);
  }

  private void putFeatures(Map<String, Object> map, DatasetDescription.Features shape) {
    shape.putInto(map);
    shape
        .part()
        .ifPresent(
            part -> {
              map.put("part", part.number());
              map.put("parts", part.numParts());
              map.put("feature_rows", part.numRows());
            });
    features.ifPresent(
        range -> {
          map.put("feature_min", range.min);
          map.put("feature_max", range.max);
          map.put("feature_mean", range.mean);
          map.put("feature_zero_rows", range.zeroRows);
        });
  }

  private void putTargets(Map<String, Object> map, LabelCounts counts) {
    map.put("num_targets", counts.perClass.size());
    description
        .targets()
        .filter(it -> !it.names().isEmpty())
        .ifPresent(it -> map.put("target_names", it.names()));
    map.put("target_counts", new ArrayList<>(counts.perClass));
    map.put("without_targets", counts.unlabelled);
  }

  private void putLabels(Map<String, Object> map, LabelCounts labels) {
    map.put("num_classes", labels.perClass.size());
    if (!description.classNames().isEmpty()) {
      map.put("class_names", description.classNames());
    }
    map.put("class_counts", new ArrayList<>(labels.perClass));
    map.put("unlabelled", labels.unlabelled);
  }
}
