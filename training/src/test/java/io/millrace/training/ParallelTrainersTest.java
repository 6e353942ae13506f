package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.millrace.datasets.GraphDataset;
import io.millrace.training.models.GraphSage;
import io.millrace.training.nn.Network;
import io.millrace.training.nn.Norm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Trainers in one JVM that are built and learn at the same time, although torch has one generator.
 */
class ParallelTrainersTest {
  private static final GraphSage MODEL = GraphSage.of(16, 2).dropout(0.5).norm(Norm.BATCH);

  @TempDir private Path folder;

  @Test
  @Tag("exhaustive")
  void trainersThatLearnAtTheSameTimeGetTheWeightsOfALoneTraining() throws Exception {
    try (GraphDataset data = Planted.dataset()) {
      byte[][] alone = new byte[4][];
      for (int i = 0; i < alone.length; i++) {
        alone[i] = trained(data, i, "alone");
      }
      for (int numThreads = 2; numThreads <= 4; numThreads++) {
        String round = "threads-" + numThreads;
        byte[][] together = atOnce(numThreads, i -> trained(data, i, round)).toArray(byte[][]::new);
        for (int i = 0; i < numThreads; i++) {
          assertArrayEquals(alone[i], together[i], round + ", trainer " + i);
        }
      }
    }
  }

  private byte[] trained(GraphDataset data, int seed, String round) throws IOException {
    Path directory = folder.resolve(round + "-" + seed);
    try (GraphTrainer trainer =
        GraphTrainer.builder(data)
            .model(MODEL)
            .fanout(5, 5)
            .batchSize(128)
            .computeThreads(1)
            .seed(seed)
            .saveTo(directory)
            .build()) {
      trainer.fit(2, TrainingListener.NONE);
    }
    return Files.readAllBytes(directory.resolve("model.safetensors"));
  }

  @Test
  void networksThatAreMadeAtTheSameTimeBeginWithTheWeightsOfALoneOne() throws Exception {
    float[][][] alone = {firstWeights(0), firstWeights(1000), firstWeights(2000)};
    List<float[][]> together = atOnce(alone.length, i -> firstWeights(1000 * i));
    for (int i = 0; i < alone.length; i++) {
      assertArrayEquals(alone[i], together.get(i), "thread " + i);
    }
  }

  /** Of 50 networks with seeds from {@code from}, {@code [network][value]}. */
  private static float[][] firstWeights(int from) {
    return IntStream.range(from, from + 50)
        .mapToObj(
            seed -> {
              try (Network network = new Network(MODEL, 8, 4, seed);
                  NDList copy = network.copy()) {
                return values(copy);
              }
            })
        .toArray(float[][]::new);
  }

  private static float[] values(NDList arrays) {
    float[] values = new float[arrays.stream().mapToInt(it -> (int) it.size()).sum()];
    int at = 0;
    for (NDArray array : arrays) {
      float[] part = array.toFloatArray();
      System.arraycopy(part, 0, values, at, part.length);
      at += part.length;
    }
    return values;
  }

  private interface Task<T> {
    T run(int number) throws Exception;
  }

  /** Does a task on each of so many threads, which begin together; the results by their numbers. */
  private static <T> List<T> atOnce(int numThreads, Task<T> task) throws Exception {
    CyclicBarrier start = new CyclicBarrier(numThreads);
    List<T> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(numThreads)) {
      List<Callable<T>> calls = new ArrayList<>();
      for (int i = 0; i < numThreads; i++) {
        int number = i;
        calls.add(
            () -> {
              start.await();
              return task.run(number);
            });
      }
      for (Future<T> result : threads.invokeAll(calls)) {
        results.add(result.get());
      }
    }
    return results;
  }
}
