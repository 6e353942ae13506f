package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.StorageMode;
import io.millrace.slicing.cache.CacheRanking;
import io.millrace.slicing.cache.CacheSettings;
import io.millrace.slicing.cache.FeatureCacheReport;
import io.millrace.training.models.GraphSage;
import io.millrace.transfer.PipelineSettings;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureCacheTest {
  private static final int INDEX_BYTES = 19 * 12; // of 1200 nodes

  @TempDir private Path folder;

  private Path saved(FeatureType type) {
    Path directory = folder.resolve(type.name());
    try (GraphDataset data = Planted.builder(type).build()) {
      data.save(directory);
    }
    return directory;
  }

  private static TrainerBuilder builder(GraphDataset data) {
    return GraphTrainer.builder(data)
        .model(GraphSage.of(4, 2))
        .fanout(3, 2)
        .batchSize(40)
        .pipeline(PipelineSettings.defaults().workers(2))
        .computeThreads(1);
  }

  private static FitResult fit(TrainerBuilder builder) {
    try (GraphTrainer trainer = builder.build()) {
      return trainer.fit(2, TrainingListener.NONE);
    }
  }

  private static void assertSame(FitResult expected, FitResult found) {
    assertEquals(expected.batchesDigest(), found.batchesDigest());
    for (int epoch = 0; epoch < 2; epoch++) {
      assertEquals(expected.epochs().get(epoch).training(), found.epochs().get(epoch).training());
      assertEquals(expected.validations().get(epoch), found.validations().get(epoch));
    }
  }

  @Test
  @Tag("exhaustive")
  void batchesAndLossesAreTheSameWithAnyCache() {
    for (FeatureType type : FeatureType.values()) {
      try (GraphDataset data = GraphDataset.open(saved(type), StorageMode.MAPPED)) {
        FitResult expected = fit(builder(data));
        for (CacheRanking ranking : CacheRanking.values()) {
          long third = INDEX_BYTES + 400L * data.features().rowBytes();
          assertSame(expected, fit(builder(data).featureCache(new CacheSettings(third, ranking))));
        }
        assertSame(expected, fit(builder(data).featureCache(CacheSettings.of(1 << 30))));
        try (GraphDataset disk = GraphDataset.open(folder.resolve(type.name()), StorageMode.DISK)) {
          CacheSettings third = CacheSettings.of(INDEX_BYTES + 400L * data.features().rowBytes());
          assertSame(expected, fit(builder(disk)));
          assertSame(expected, fit(builder(disk).featureCache(third)));
        }
      }
    }
  }

  @Test
  void reportsWhatItHoldsAndTheHitsOfTheTrainingEpochs() {
    try (GraphDataset data = GraphDataset.open(saved(FeatureType.FLOAT16), StorageMode.MAPPED)) {
      CacheSettings settings = CacheSettings.of(INDEX_BYTES + 400 * 16);
      try (GraphTrainer trainer = builder(data).featureCache(settings).build()) {
        FeatureCacheReport before = trainer.featureCache().orElseThrow();
        assertEquals(400, before.rows());
        assertEquals(settings.bytes(), before.bytes());
        assertTrue(Double.isNaN(before.measuredHitShare()), "no epoch yet");

        trainer.predict(1100, 1101);
        trainer.epoch();
        trainer.epoch();
        FeatureCacheReport after = trainer.featureCache().orElseThrow();
        assertEquals(after.predictedHitShare(), after.measuredHitShare(), .03);

        trainer.predict(1100, 1101);
        assertEquals(after, trainer.featureCache().orElseThrow(), "predictions do not count");
      }
    }
  }

  @Test
  void aDatasetInMemoryNeedsNone() {
    try (GraphDataset data = GraphDataset.open(saved(FeatureType.FLOAT32), StorageMode.IN_MEMORY);
        GraphTrainer trainer = builder(data).featureCache(CacheSettings.of(1 << 20)).build()) {
      assertEquals(Optional.empty(), trainer.featureCache());
    }
  }

  @Test
  void refusesASizeWithoutRoomForARow() {
    try (GraphDataset data = GraphDataset.open(saved(FeatureType.FLOAT32), StorageMode.MAPPED)) {
      TrainerBuilder small = builder(data).featureCache(CacheSettings.of(INDEX_BYTES + 31));
      BadInputException e = assertThrows(BadInputException.class, small::build);
      assertEquals(
          "feature cache must have room for its index and a row: bytes=259, indexBytes=228,"
              + " rowBytes=32",
          e.getMessage());
    }
  }
}
