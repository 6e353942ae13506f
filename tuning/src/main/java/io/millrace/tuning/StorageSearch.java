package io.millrace.tuning;

import io.millrace.datasets.FeatureType;
import io.millrace.datasets.StorageMode;
import io.millrace.sampler.IdMapKind;
import io.millrace.slicing.cache.FeatureCacheReport;
import io.millrace.training.GraphTrainer;
import io.millrace.tuning.model.Costs;
import io.millrace.tuning.model.PipelineModel;
import io.millrace.tuning.model.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Decides where a training has its data, within one budget of memory: which id map, which type of
 * features, the dataset in memory, mapped or on disk, and how many rows a feature cache holds. One
 * after the other, by short trainings in which preparation and compute take turns; what is not
 * clearly better stays as it is. How many rows are cached follows from the model where the disk's
 * rate is known, because h(c), the hit share of a cache of c rows, is known without a training.
 */
final class StorageSearch {
  /** An alternative must take less than this part of the time: short trainings vary by some %. */
  private static final double WORTH_IT = .9;

  /** A larger cache must give so much more. */
  private static final double LARGER_CACHE = 1.01;

  /** Short trainings at most. */
  static final int MOST_TRAININGS = 1 + 2 + 2 + 1 + 1 + 1;

  private static final double[] CACHE_PARTS = {1 / 16., 1 / 8., 1 / 4., 1 / 2., 3 / 4., 1};

  private final TunedTraining training;
  private final Resources resources;
  private final Function<Storage, TracedRun> runs;

  /** What is left for other things, with the slots of one setting set aside. */
  private final double memory;

  private Storage best;
  private TracedRun run;
  private CacheSize cache = CacheSize.NONE;

  /**
   * @param base from which it begins
   * @param slotBytes of the batches in memory
   * @param runs runs a short training
   */
  StorageSearch(
      TunedTraining training,
      Resources resources,
      Storage base,
      double slotBytes,
      Function<Storage, TracedRun> runs) {
    this.training = training;
    this.resources = resources;
    this.runs = runs;
    memory = resources.memoryBytes() - slotBytes;
    best = base;
  }

  /**
   * Bytes that it takes, next to the batches.
   *
   * @param workers of which each has an id map
   */
  static double bytes(Storage storage, TunedTraining.Data data, int workers) {
    boolean inMemory =
        storage.residence() == StorageMode.IN_MEMORY
            || storage.residence() == StorageMode.AUTO && data.inMemory();
    boolean array = storage.idMap() == IdMapKind.DIRECT_ADDRESS;
    return (inMemory ? data.bytes() : 0)
        + (array ? (double) Integer.BYTES * data.numNodes() * workers : 0)
        + storage.cacheBytes();
  }

  /** The best storage; {@link #cache} is the cache of it. */
  Storage search(int workers) {
    run = runs.apply(best);
    TunedTraining.Data data = training.data();
    ToDoubleFunction<TracedRun> preparation = it -> it.costs().prepareCpu();
    ToDoubleFunction<TracedRun> batch = it -> 1 / it.batchesPerSecond();
    consider(best.idMap(IdMapKind.FLAT_HASH), preparation, workers);
    consider(best.idMap(IdMapKind.DIRECT_ADDRESS), preparation, workers);
    if (data.stored() == FeatureType.FLOAT16) {
      consider(best.featureType(FeatureType.FLOAT16), batch, workers);
      consider(best.featureType(FeatureType.FLOAT32), batch, workers);
    }
    boolean mapped = best.residence() == StorageMode.MAPPED || !data.inMemory();
    if (mapped) {
      mapped = !consider(best.residence(StorageMode.IN_MEMORY), batch, workers);
    }
    if (best.residence() == StorageMode.MAPPED && data.bytes() > memory) {
      consider(best.residence(StorageMode.DISK), batch, workers);
    }
    if (mapped) {
      cache = cacheOf(hitShares(workers), batch, workers);
      best = best.cacheBytes(cache.bytes());
    }
    return best;
  }

  /** The cache of the storage that was found. */
  CacheSize cache() {
    return cache;
  }

  /** Whether it is taken: if the memory holds it, and it is clearly faster. */
  private boolean consider(Storage other, ToDoubleFunction<TracedRun> seconds, int workers) {
    if (bytes(other, training.data(), workers) > memory) {
      return false;
    }
    TracedRun tried = runs.apply(other);
    boolean better = seconds.applyAsDouble(tried) < WORTH_IT * seconds.applyAsDouble(run);
    if (better) {
      best = other;
      run = tried;
    }
    return better;
  }

  private CacheSize cacheOf(
      List<CacheSize> sizes, ToDoubleFunction<TracedRun> seconds, int workers) {
    if (resources.hasDisk()) {
      return choose(sizes, run.costs().observed(1), resources);
    }
    if (!sizes.isEmpty()) { // a disk of unknown rate: the largest, if it shows
      CacheSize largest = sizes.getLast();
      if (consider(best.cacheBytes(largest.bytes()), seconds, workers)) {
        return largest;
      }
    }
    return CacheSize.NONE;
  }

  /**
   * The smallest cache that the linear program cannot better by more than 1 %.
   *
   * @param sizes in ascending order
   */
  static CacheSize choose(List<CacheSize> sizes, Costs costs, Resources resources) {
    CacheSize chosen = CacheSize.NONE;
    double rate = rate(chosen, costs, resources);
    for (CacheSize size : sizes) {
      double larger = rate(size, costs, resources);
      if (larger > LARGER_CACHE * rate) {
        chosen = size;
        rate = larger;
      }
    }
    return chosen;
  }

  private static double rate(CacheSize size, Costs costs, Resources resources) {
    Costs missing = costs.reading(1 - size.hitShare());
    return new PipelineModel(missing, resources).program().solve().batchesPerSecond();
  }

  /** h(c) for some sizes, as the cache itself predicts it. */
  private List<CacheSize> hitShares(int workers) {
    TunedTraining.Data data = training.data();
    double room = memory - bytes(best, data, workers);
    long index = (long) Long.BYTES * data.numNodes();
    double all = data.featureBytes() + index;
    List<CacheSize> sizes = new ArrayList<>();
    for (double part : CACHE_PARTS) {
      long bytes = (long) (part * Math.min(all, room));
      if (bytes > 2 * index) {
        try (GraphTrainer trainer = training.in(best.cacheBytes(bytes)).build()) {
          trainer.featureCache().map(it -> size(bytes, it)).ifPresent(sizes::add);
        }
      }
    }
    return sizes;
  }

  private static CacheSize size(long bytes, FeatureCacheReport report) {
    return new CacheSize(bytes, report.rows(), report.predictedHitShare());
  }
}
