package io.millrace.datasets.generator;

import io.millrace.BadInputException;
import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.csr.EdgeOptions;
import java.util.function.Consumer;

/**
 * The graph that {@link GraphGenerator} draws. Immutable: start from {@link #of} and change with
 * the {@code with} methods.
 *
 * @param numNodes nodes, 1 to 2^31-2
 * @param numEdges edges to draw, before reverse edges are added and duplicates dropped
 * @param undirected adds reverse edges and drops duplicates ({@link EdgeOptions#UNDIRECTED});
 *     otherwise edges stay as drawn
 * @param featureDim values per feature row; 0 = no features
 * @param featureType how feature values are stored
 * @param numClasses classes of the labels; 0 = no labels and no split
 * @param trainShare share of the nodes in the train split, 0 to 1
 * @param validShare share of the nodes in the valid split; the rest is the test split
 * @param numTimes each edge has a time, uniform from 0 to below it, and its position in the order
 *     of drawing; no edge is dropped as a duplicate then; 0 = no times
 * @param edgeWeights whether each edge has a weight
 * @param edgeFeatureDim values per edge; 0 = no features
 * @param seed the same options and seed give the same files, whatever the number of threads
 */
public record GeneratorOptions(
    int numNodes,
    long numEdges,
    boolean undirected,
    int featureDim,
    FeatureType featureType,
    int numClasses,
    double trainShare,
    double validShare,
    long numTimes,
    boolean edgeWeights,
    int edgeFeatureDim,
    long seed) {

  private static final int MAX_FEATURES = 1 << 24;

  /** Checks the ranges. */
  public GeneratorOptions {
    require(numNodes >= 1 && numNodes < Integer.MAX_VALUE, "need 1 to 2^31-2", "nodes", numNodes);
    require(numEdges >= 0, "need 0 or more", "edges", numEdges);
    require(
        featureDim >= 0 && featureDim <= MAX_FEATURES,
        "need 0 to " + MAX_FEATURES,
        "features",
        featureDim);
    require(
        numClasses >= 0 && numClasses <= NodeLabels.MAX_CLASSES,
        "need 0 to " + NodeLabels.MAX_CLASSES,
        "classes",
        numClasses);
    require(trainShare >= 0 && trainShare <= 1, "need 0 to 1", "trainShare", trainShare);
    require(
        validShare >= 0 && trainShare + validShare <= 1 + 1e-9,
        "trainShare and validShare must be 0 or more and together at most 1",
        "validShare",
        validShare);
    require(numTimes >= 0, "need 0 or more", "times", numTimes);
    require(edgeFeatureDim >= 0, "need 0 or more", "edgeFeatures", edgeFeatureDim);
  }

  /** Directed, without features and labels, seed 0, split 60/20/20 if there are labels. */
  public static GeneratorOptions of(int numNodes, long numEdges) {
    return new GeneratorOptions(
        numNodes, numEdges, false, 0, FeatureType.FLOAT32, 0, 0.6, 0.2, 0, false, 0, 0);
  }

  public GeneratorOptions withNodes(int value) {
    return with(draft -> draft.numNodes = value);
  }

  public GeneratorOptions withEdges(long value) {
    return with(draft -> draft.numEdges = value);
  }

  public GeneratorOptions withUndirected(boolean value) {
    return with(draft -> draft.undirected = value);
  }

  /**
   * @param dim values per feature row; 0 = no features
   */
  public GeneratorOptions withFeatures(int dim, FeatureType type) {
    return with(
        draft -> {
          draft.featureDim = dim;
          draft.featureType = type;
        });
  }

  public GeneratorOptions withClasses(int value) {
    return with(draft -> draft.numClasses = value);
  }

  /** The remaining nodes are the test split. */
  public GeneratorOptions withSplit(double train, double valid) {
    return with(
        draft -> {
          draft.trainShare = train;
          draft.validShare = valid;
        });
  }

  /**
   * @param value edges have times from 0 to below it; 0 = no times
   */
  public GeneratorOptions withTimes(long value) {
    return with(draft -> draft.numTimes = value);
  }

  /**
   * Each edge has a weight, log-normal with median 1; in planted graphs a tenth of it if its ends
   * are of different communities.
   */
  public GeneratorOptions withEdgeWeights(boolean value) {
    return with(draft -> draft.edgeWeights = value);
  }

  /**
   * Each edge has features: the first is 1 or, in planted graphs if its ends are of different
   * communities, -1, plus a little noise; the others are noise.
   *
   * @param dim values per edge; 0 = no features
   */
  public GeneratorOptions withEdgeFeatures(int dim) {
    return with(draft -> draft.edgeFeatureDim = dim);
  }

  public GeneratorOptions withSeed(long value) {
    return with(draft -> draft.seed = value);
  }

  /** Bytes of all arrays on disk, before duplicate edges are dropped. */
  long bytes() {
    double rowBytes = Long.BYTES + (double) featureDim * featureType.bytes();
    double labelBytes = numClasses > 0 ? 2 * Integer.BYTES : 0;
    int perEdge = Integer.BYTES + edgeColumns().bytes();
    double edgeBytes = (undirected ? 2.0 : 1.0) * perEdge * numEdges;
    return (long) (numNodes * (rowBytes + labelBytes) + edgeBytes);
  }

  /** What edges carry; ids go with times. */
  EdgeColumns edgeColumns() {
    return new EdgeColumns(numTimes > 0, edgeWeights, numTimes > 0, edgeFeatureDim);
  }

  EdgeOptions edgeOptions() {
    EdgeOptions chosen = undirected ? EdgeOptions.UNDIRECTED : EdgeOptions.DIRECTED;
    return numTimes > 0 ? chosen.inTimeOrder() : chosen;
  }

  private static void require(boolean holds, String rule, String name, Object value) {
    if (!holds) {
      throw BadInputException.of(rule, name, value);
    }
  }

  private GeneratorOptions with(Consumer<Draft> change) {
    Draft draft = new Draft();
    change.accept(draft);
    return draft.options();
  }

  /** These options, to be changed before they are copied. */
  private final class Draft {
    private int numNodes = GeneratorOptions.this.numNodes;
    private long numEdges = GeneratorOptions.this.numEdges;
    private boolean undirected = GeneratorOptions.this.undirected;
    private int featureDim = GeneratorOptions.this.featureDim;
    private FeatureType featureType = GeneratorOptions.this.featureType;
    private int numClasses = GeneratorOptions.this.numClasses;
    private double trainShare = GeneratorOptions.this.trainShare;
    private double validShare = GeneratorOptions.this.validShare;
    private long numTimes = GeneratorOptions.this.numTimes;
    private boolean edgeWeights = GeneratorOptions.this.edgeWeights;
    private int edgeFeatureDim = GeneratorOptions.this.edgeFeatureDim;
    private long seed = GeneratorOptions.this.seed;

    GeneratorOptions options() {
      return new GeneratorOptions(
          numNodes,
          numEdges,
          undirected,
          featureDim,
          featureType,
          numClasses,
          trainShare,
          validShare,
          numTimes,
          edgeWeights,
          edgeFeatureDim,
          seed);
    }
  }
}
