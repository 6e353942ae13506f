package io.millrace.slicing.cache;

import io.millrace.Internal;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.platform.AvailableMemory;
import io.millrace.sampler.Fanout;
import io.millrace.slicing.FeatureStore;
import io.millrace.slicing.disk.DiskFeatures;
import io.millrace.slicing.disk.DiskReads;
import java.util.Optional;

/**
 * The feature cache of a training, with the hits of its epochs. Used by the trainer's thread, which
 * closes it after the workers have ended.
 */
@Internal
public final class FeatureCache implements AutoCloseable {
  private final CachePlan plan;
  private final CachedFeatures features;
  private final FeatureStore others;
  private HitCounts measured = HitCounts.NONE;
  private HitCounts before = HitCounts.NONE;

  private FeatureCache(CachePlan plan, CachedFeatures features, FeatureStore others) {
    this.plan = plan;
    this.features = features;
    this.others = others;
  }

  /**
   * Ranks the rows of a mapped dataset and copies the first of them.
   *
   * @param seeds of all batches of an epoch
   * @param batchSize seeds in a batch
   * @param type of the rows in the batches
   * @throws io.millrace.BadInputException if it has no room for a row, or does not fit into memory
   */
  public static FeatureCache of(
      CacheSettings settings,
      GraphDataset data,
      int[] seeds,
      int batchSize,
      Fanout fanout,
      FeatureType type) {
    FeatureMatrix matrix = data.features();
    CachePlan plan = CachePlan.of(settings, data.graph(), matrix, seeds, batchSize, fanout);
    AvailableMemory.require(plan.bytes(), "the feature cache", "bytes", settings.bytes());
    FeatureStore others = DiskFeatures.open(matrix, type);
    try {
      return new FeatureCache(plan, CachedFeatures.of(plan, matrix, others), others);
    } catch (Throwable t) {
      others.close();
      throw t;
    }
  }

  /** Whether a cache saves anything: rows that are in memory need none. */
  public static boolean isUseful(GraphDataset data) {
    return data.features().rows().isMapped();
  }

  /** The rows, from the cache or from the files. */
  public FeatureStore features() {
    return features;
  }

  /** Hits count from now on, until {@link #endEpoch}. */
  public void beginEpoch() {
    before = features.counts();
  }

  /** Hits no longer count. */
  public void endEpoch() {
    measured = measured.plus(features.counts().since(before));
  }

  /** The figures so far. */
  public FeatureCacheReport report() {
    return new FeatureCacheReport(
        plan.numRows(), plan.bytes(), plan.predictedHitShare(), measured.hitShare());
  }

  /** What was read from the file of the features, if rows that are not cached come from there. */
  public Optional<DiskReads> diskReads() {
    return DiskFeatures.reads(others);
  }

  @Override
  public void close() {
    features.close();
    others.close();
  }
}
