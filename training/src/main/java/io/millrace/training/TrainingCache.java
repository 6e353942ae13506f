package io.millrace.training;

import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.datasets.platform.AvailableMemory;
import io.millrace.slicing.FeatureStore;
import io.millrace.slicing.GatherKind;
import io.millrace.slicing.cache.CachePlan;
import io.millrace.slicing.cache.CacheSettings;
import io.millrace.slicing.cache.CachedFeatures;
import io.millrace.slicing.cache.HitCounts;
import io.millrace.training.loss.LabelledNodes;

/**
 * The feature cache of a training, with the hits of its epochs. Used by the trainer's thread, which
 * closes it after the workers have ended.
 */
final class TrainingCache implements AutoCloseable {
  private final CachePlan plan;
  private final CachedFeatures features;
  private HitCounts measured = HitCounts.NONE;
  private HitCounts before = HitCounts.NONE;

  private TrainingCache(CachePlan plan, CachedFeatures features) {
    this.plan = plan;
    this.features = features;
  }

  /**
   * Ranks the rows of a mapped dataset and copies the first of them.
   *
   * @param type of the rows in the batches
   * @throws io.millrace.BadInputException if it has no room for a row, or does not fit into memory
   */
  static TrainingCache of(
      CacheSettings settings, GraphDataset data, TrainerSettings training, FeatureType type) {
    FeatureMatrix matrix = data.features();
    int batchSize = Math.ceilDiv(training.batchSize(), training.virtualNodes().number());
    int[] seeds = LabelledNodes.of(data, Split.TRAIN);
    CachePlan plan =
        CachePlan.of(settings, data.graph(), matrix, seeds, batchSize, training.fanout());
    AvailableMemory.require(plan.bytes(), "the feature cache", "bytes", settings.bytes());
    FeatureStore mapped = FeatureStore.of(matrix, type, GatherKind.AUTO);
    return new TrainingCache(plan, CachedFeatures.of(plan, matrix, mapped));
  }

  /** Whether a cache saves anything: rows that are in memory need none. */
  static boolean isUseful(GraphDataset data) {
    return data.features().rows().isMapped();
  }

  FeatureStore features() {
    return features;
  }

  void beginEpoch() {
    before = features.counts();
  }

  void endEpoch() {
    measured = measured.plus(features.counts().since(before));
  }

  FeatureCacheReport report() {
    return new FeatureCacheReport(
        plan.numRows(), plan.bytes(), plan.predictedHitShare(), measured.hitShare());
  }

  @Override
  public void close() {
    features.close();
  }
}
