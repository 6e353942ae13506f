package io.millrace.tuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.millrace.datasets.FeatureType;
import io.millrace.datasets.StorageMode;
import io.millrace.sampler.IdMapKind;
import io.millrace.training.TrainerBuilder;
import io.millrace.transfer.trace.PipelineMetrics;
import io.millrace.transfer.trace.Stage;
import io.millrace.transfer.trace.StageTotals;
import io.millrace.tuning.model.Costs;
import io.millrace.tuning.model.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class StorageSearchTest {
  private static final Resources UNBOUNDED = Resources.ofCores(8);
  private static final int NUM_NODES = 1_000_000;

  private final List<Storage> tried = new ArrayList<>();

  /** 4 MB a batch at 100 MB/s are 25 batches/s; the model takes 50. */
  @Test
  void theCacheIsTheSmallestWithWhichTheDiskNoLongerLimits() {
    Costs.Compute step = new Costs.Compute(.02, .02, .02, .001, 0);
    Costs costs = new Costs(.001, .001, 4e6, 4e6, 1, Map.of(1, step));
    List<CacheSize> sizes =
        List.of(
            new CacheSize(1000, 10, .3),
            new CacheSize(2000, 20, .45),
            new CacheSize(3000, 30, .6),
            new CacheSize(4000, 40, .7));
    Resources disk = UNBOUNDED.diskBytesPerSecond(100e6);
    assertEquals(sizes.get(2), StorageSearch.choose(sizes, costs, disk));
    assertEquals(
        CacheSize.NONE, StorageSearch.choose(sizes, costs, disk.diskBytesPerSecond(400e6)));
    assertEquals(sizes.get(3), StorageSearch.choose(sizes, costs, disk.diskBytesPerSecond(50e6)));
  }

  @Test
  void whatIsClearlyFasterIsTaken() {
    Storage found =
        search(
            data(FeatureType.FLOAT16, true),
            UNBOUNDED,
            it ->
                10
                    * (it.idMap() == IdMapKind.FLAT_HASH ? .8 : 1)
                    * (it.featureType().equals(Optional.of(FeatureType.FLOAT16)) ? .7 : 1));
    assertEquals(IdMapKind.FLAT_HASH, found.idMap());
    assertEquals(FeatureType.FLOAT16, found.featureType().orElseThrow());
    assertEquals(StorageMode.AUTO, found.residence(), "it is in memory already");
    assertEquals("flat hash id map, float16 features", found.toString());
  }

  /** Short trainings vary by so much. */
  @Test
  void whatIsHardlyFasterIsNotTaken() {
    Storage found =
        search(
            data(FeatureType.FLOAT16, true),
            UNBOUNDED,
            it -> it.equals(Storage.DEFAULT) ? 10 : 9.2);
    assertEquals(Storage.DEFAULT, found);
  }

  @Test
  void aMappedDatasetIsTakenIntoMemoryIfTheMemoryHoldsIt() {
    TunedTraining.Data data = data(FeatureType.FLOAT32, false);
    ToDoubleFunction<Storage> costs = it -> it.residence() == StorageMode.IN_MEMORY ? 5 : 10;
    Resources holdsIt = UNBOUNDED.memoryBytes(data.bytes() + 2e6);
    assertEquals(StorageMode.IN_MEMORY, search(data, holdsIt, costs).residence());
    tried.clear();
    Resources tooLittle = UNBOUNDED.memoryBytes(data.bytes() / 4.0);
    assertEquals(Storage.DEFAULT, search(data, tooLittle, costs));
    assertFalse(tried.stream().anyMatch(it -> it.residence() == StorageMode.IN_MEMORY));
    assertFalse(tried.stream().anyMatch(it -> it.idMap() == IdMapKind.DIRECT_ADDRESS));
  }

  /** Where the memory holds it, rows of the page cache are faster. */
  @Test
  void theDiskIsTriedWhereTheMemoryDoesNotHoldAMappedDataset() {
    TunedTraining.Data data = data(FeatureType.FLOAT32, false);
    Storage mapped = Storage.DEFAULT.residence(StorageMode.MAPPED);
    ToDoubleFunction<Storage> costs = it -> it.residence() == StorageMode.DISK ? 5 : 10;
    Resources tooLittle = UNBOUNDED.memoryBytes(data.bytes() / 4.0);
    assertEquals(StorageMode.DISK, search(mapped, data, tooLittle, costs).residence());
    assertEquals(mapped, search(mapped, data, tooLittle, _ -> 10));
    tried.clear();
    assertEquals(mapped, search(mapped, data, UNBOUNDED.memoryBytes(data.bytes() + 2e6), costs));
    assertFalse(tried.stream().anyMatch(it -> it.residence() == StorageMode.DISK));
  }

  @Test
  void anIdMapOfAllNodesCountsForEachWorker() {
    Storage array = Storage.DEFAULT.idMap(IdMapKind.DIRECT_ADDRESS);
    TunedTraining.Data mapped = data(FeatureType.FLOAT32, false);
    assertEquals(3 * 4.0 * NUM_NODES, StorageSearch.bytes(array, mapped, 3));
    assertEquals(
        mapped.bytes(), StorageSearch.bytes(Storage.DEFAULT, data(FeatureType.FLOAT32, true), 3));
  }

  /** Sizes at which no cache has room, so that no trainer is built. */
  private static TunedTraining.Data data(FeatureType type, boolean inMemory) {
    return new TunedTraining.Data(8_000_000, 4_000_000, NUM_NODES, type, inMemory);
  }

  /**
   * @param millis of preparing a batch; computing one takes 1 ms
   */
  private Storage search(
      TunedTraining.Data data, Resources resources, ToDoubleFunction<Storage> millis) {
    return search(Storage.DEFAULT, data, resources, millis);
  }

  private Storage search(
      Storage base,
      TunedTraining.Data data,
      Resources resources,
      ToDoubleFunction<Storage> millis) {
    TunedTraining training =
        new TunedTraining() {
          @Override
          public TrainerBuilder in(Storage storage) {
            throw new AssertionError("no training is built");
          }

          @Override
          public Data data() {
            return data;
          }
        };
    return new StorageSearch(
            training,
            resources,
            base,
            1e6,
            storage -> {
              tried.add(storage);
              return run(millis.applyAsDouble(storage));
            })
        .search(1);
  }

  private static TracedRun run(double millis) {
    StageTotals prepared = totals(millis);
    StageTotals computed = totals(1);
    PipelineMetrics metrics =
        new PipelineMetrics(
            prepared.wallNanos() + computed.wallNanos(),
            prepared.cpuNanos() + computed.cpuNanos(),
            Map.of(
                "worker 0", Map.of(Stage.SAMPLE, prepared),
                "consumer", Map.of(Stage.COMPUTE, computed)));
    return new TracedRun(metrics, new TracedRun.Size(1, 1, 1));
  }

  private static StageTotals totals(double millis) {
    long nanos = (long) (30 * millis * 1e6);
    return new StageTotals(30, nanos, nanos, 0, 0, 0);
  }
}
