package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.training.models.GraphSage;
import io.millrace.transfer.SharedBatches;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainers that read the same batches at the same time. */
class SharedBatchesTest {
  private static final int TRAINERS = 3;
  private static final int EPOCHS = 2;

  @TempDir private Path folder;
  private final OpenResources open = new OpenResources();
  private final GraphDataset data = Planted.dataset();
  private final SharedBatches shared = new SharedBatches(Double.POSITIVE_INFINITY);
  private final ExecutorService threads = Executors.newFixedThreadPool(TRAINERS);

  @AfterEach
  void nothingStaysOpen() throws Exception {
    threads.shutdown();
    assertTrue(threads.awaitTermination(1, TimeUnit.MINUTES));
    shared.close();
    data.close();
    open.close();
  }

  private TrainerBuilder builder(int number) {
    return GraphTrainer.builder(data)
        .model(GraphSage.of(4 + number, 2)) // another model each
        .learningRate(.01 * (number + 1))
        .fanout(5, 5)
        .batchSize(64)
        .seed(number)
        .samplingSeed(9)
        .computeThreads(1);
  }

  private byte[] weights(GraphTrainer trainer, String name) {
    trainer.saveModel(folder.resolve(name));
    try {
      return Files.readAllBytes(folder.resolve(name).resolve("model.safetensors"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Trains all at once; each begins when all are built, so that they are on their way together. */
  private List<Future<byte[]>> train(int... numEpochs) throws InterruptedException {
    CountDownLatch built = new CountDownLatch(TRAINERS);
    List<Future<byte[]>> results = new ArrayList<>();
    for (int i = 0; i < TRAINERS; i++) {
      int number = i;
      results.add(
          threads.submit(
              () -> {
                try (GraphTrainer trainer = builder(number).sharedBatches(shared).build()) {
                  built.countDown();
                  built.await();
                  for (int epoch = 0; epoch < numEpochs[number]; epoch++) {
                    trainer.fitEpoch(TrainingListener.NONE);
                  }
                  return weights(trainer, "shared-" + number);
                }
              }));
    }
    return results;
  }

  private byte[] alone(int number, int numEpochs) {
    try (GraphTrainer trainer = builder(number).build()) {
      for (int epoch = 0; epoch < numEpochs; epoch++) {
        trainer.fitEpoch(TrainingListener.NONE);
      }
      return weights(trainer, "alone-" + number);
    }
  }

  @Test
  void eachBatchIsSampledOnceAndTheWeightsAreThoseOfALoneTraining() throws Exception {
    List<Future<byte[]>> results = train(EPOCHS, EPOCHS, EPOCHS);
    for (int i = 0; i < TRAINERS; i++) {
      assertArrayEquals(alone(i, EPOCHS), results.get(i).get(), "trainer " + i);
    }
    assertEquals(TRAINERS * shared.numSampled(), shared.numRead());
    assertTrue(shared.numSampled() > 0);
  }

  @Test
  void aTrainerThatLeavesHoldsNobodyBack() throws Exception {
    List<Future<byte[]>> results = train(EPOCHS, 1, EPOCHS);
    int[] numEpochs = {EPOCHS, 1, EPOCHS};
    for (int i = 0; i < TRAINERS; i++) {
      assertArrayEquals(alone(i, numEpochs[i]), results.get(i).get(), "trainer " + i);
    }
    long perTrainer = shared.numSampled();
    assertEquals(2 * perTrainer + perTrainer / 2, shared.numRead());
  }

  @Test
  void aTrainerThatFailsInAnEpochLeavesItsBatchesToTheOthers() throws Exception {
    TrainingListener failing =
        new TrainingListener() {
          @Override
          public void batchDone(BatchProgress progress) {
            throw BadInputException.of("a listener fails", "batch", progress.batch());
          }
        };
    Future<byte[]> other;
    try (GraphTrainer fails = builder(0).sharedBatches(shared).build()) {
      CountDownLatch built = new CountDownLatch(1);
      other =
          threads.submit(
              () -> {
                try (GraphTrainer trainer = builder(1).sharedBatches(shared).build()) {
                  built.countDown();
                  trainer.fitEpoch(TrainingListener.NONE);
                  return weights(trainer, "other");
                }
              });
      built.await();
      assertThrows(BadInputException.class, () -> fails.fitEpoch(failing));
    }
    assertArrayEquals(alone(1, 1), other.get());
  }

  @Test
  void trainersOfOtherBatchesDoNotMeet() throws Exception {
    CountDownLatch built = new CountDownLatch(2);
    List<Future<byte[]>> results = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      int number = i;
      results.add(
          threads.submit(
              () -> {
                try (GraphTrainer trainer =
                    builder(0).batchSize(64 + number).sharedBatches(shared).build()) {
                  built.countDown();
                  built.await();
                  trainer.fitEpoch(TrainingListener.NONE);
                  return weights(trainer, "size-" + number);
                }
              }));
    }
    assertArrayEquals(alone(0, 1), results.getFirst().get());
    results.getLast().get();
  }
}
