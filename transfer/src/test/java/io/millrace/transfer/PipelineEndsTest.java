package io.millrace.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.cuda.CudaStream;
import io.millrace.cuda.RecordingCuda;
import io.millrace.cuda.Schedule;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.Fanout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * However an epoch ends, and wherever its batches go: every slot comes back, the next epoch is
 * whole, and after the pipeline's close no thread is left and nothing on the GPU.
 */
@Timeout(120)
class PipelineEndsTest {
  private static final int NUM_NODES = 2000;
  private static final int NUM_SLOTS = 4;
  private static final int BAD_NODE = 640;

  /** One alone, and some that wait for each other. */
  private static final int[] WORKERS = {1, 3};

  private static final GraphDataset DATA = TestData.random(NUM_NODES, 30);

  private final EpochPlan plan = EpochPlan.inOrder(IntStream.range(0, NUM_NODES).toArray(), 64, 5);

  /** An epoch that does not come to its end, or does. */
  private enum End {
    CLOSED_AT_ONCE {
      @Override
      void play(BatchPipeline pipeline, Consumer consumer) {}
    },
    CLOSED_WHILE_ALL_WORKERS_WAIT_FOR_A_SLOT {
      @Override
      void play(BatchPipeline pipeline, Consumer consumer) throws InterruptedException {
        while (pipeline.slotsInUse() < NUM_SLOTS) {
          Thread.sleep(1);
        }
        Thread.sleep(5);
      }
    },
    CLOSED_WITH_BATCHES_IN_HAND {
      @Override
      void play(BatchPipeline pipeline, Consumer consumer) {
        consumer.take();
        consumer.take();
      }
    },
    CLOSED_IN_THE_MIDDLE {
      @Override
      void play(BatchPipeline pipeline, Consumer consumer) {
        consumer.takeAndClose(9);
      }
    },
    CONSUMER_THROWS {
      @Override
      void play(BatchPipeline pipeline, Consumer consumer) {
        consumer.takeAndClose(3);
        assertThrows(
            ArithmeticException.class,
            () -> {
              try (DeviceBatch batch = consumer.take()) {
                throw new ArithmeticException("at batch " + batch.number());
              }
            });
      }
    },
    CONSUMER_IS_INTERRUPTED {
      @Override
      void play(BatchPipeline pipeline, Consumer consumer) {
        Thread.currentThread().interrupt();
        try {
          consumer.takeAndClose(consumer.batches.numBatches());
        } catch (CancellationException e) { // the first time that it has to wait, if it has to
          assertFalse(consumer.batches.hasNext());
        }
        assertTrue(Thread.interrupted());
      }
    },
    RUN_TO_ITS_END {
      @Override
      void play(BatchPipeline pipeline, Consumer consumer) {
        consumer.takeAndClose(Math.ceilDiv(NUM_NODES, 64));
        assertFalse(consumer.batches.hasNext());
      }
    };

    abstract void play(BatchPipeline pipeline, Consumer consumer) throws InterruptedException;
  }

  /** Takes batches, and on a GPU computes on them. */
  private record Consumer(EpochBatches batches, Optional<RecordingCuda> cuda) {
    DeviceBatch take() {
      DeviceBatch batch = batches.next();
      cuda.ifPresent(gpu -> gpu.compute(CudaStream.LEGACY_DEFAULT, batch.features()));
      return batch;
    }

    void takeAndClose(int count) {
      for (int i = 0; i < count; i++) {
        take().close();
      }
    }
  }

  /** Empty: the batches stay on the host. */
  private static List<Optional<Schedule>> engines() {
    List<Optional<Schedule>> engines = new ArrayList<>(List.of(Optional.empty()));
    Stream.of(Schedule.values()).map(Optional::of).forEach(engines::add);
    return engines;
  }

  private static Stream<Arguments> endsOnEveryEngine() {
    return Stream.of(End.values())
        .flatMap(end -> engines().stream().map(engine -> Arguments.of(end, engine)));
  }

  @ParameterizedTest
  @MethodSource("endsOnEveryEngine")
  void leavesNothingBehind(End end, Optional<Schedule> engine) throws InterruptedException {
    for (int workers : WORKERS) {
      Optional<RecordingCuda> cuda = engine.map(schedule -> new RecordingCuda(schedule, 1));
      Set<Thread> before = workers();
      BatchPipeline pipeline = pipeline(DATA, workers, cuda);
      for (int epoch = 0; epoch < 2; epoch++) {
        try (EpochBatches batches = pipeline.start(plan.epoch(epoch))) {
          end.play(pipeline, new Consumer(batches, cuda));
        }
        assertEquals(0, pipeline.slotsInUse());
      }
      EpochBatches next = pipeline.start(plan.epoch(2));
      new Consumer(next, cuda).takeAndClose(next.numBatches());
      pipeline.close();
      assertNothingLeft(before, cuda);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void anExceptionOfAWorkerLeavesNothingBehind(Optional<Schedule> engine)
      throws InterruptedException {
    for (int workers : WORKERS) {
      Optional<RecordingCuda> cuda = engine.map(schedule -> new RecordingCuda(schedule, 1));
      Set<Thread> before = workers();
      try (GraphDataset bad = TestData.withBadNeighborOf(BAD_NODE, NUM_NODES)) {
        BatchPipeline pipeline = pipeline(bad, workers, cuda);
        for (int epoch = 0; epoch < 2; epoch++) {
          EpochBatches batches = pipeline.start(plan.epoch(epoch));
          Consumer consumer = new Consumer(batches, cuda);
          consumer.takeAndClose(BAD_NODE / 64 - 1);
          DeviceBatch held = consumer.take(); // and is taken from the consumer
          assertThrows(RuntimeException.class, consumer::take);
          assertEquals(0, pipeline.slotsInUse());
          assertThrows(IllegalStateException.class, held::features);
        }
        pipeline.close();
      }
      assertNothingLeft(before, cuda);
    }
  }

  private static BatchPipeline pipeline(
      GraphDataset data, int workers, Optional<RecordingCuda> cuda) {
    PipelineBuilder builder =
        BatchPipeline.builder(data, Fanout.of(5, 3)).workers(workers).slots(NUM_SLOTS);
    cuda.ifPresent(builder::device);
    return builder.build();
  }

  private static void assertNothingLeft(Set<Thread> before, Optional<RecordingCuda> cuda)
      throws InterruptedException {
    Set<Thread> left = new HashSet<>(workers());
    left.removeAll(before);
    for (Thread worker : left) {
      worker.join(10_000); // it was told to end, and does so soon
      assertFalse(worker.isAlive(), worker + " hangs");
    }
    cuda.ifPresent(RecordingCuda::finish);
    cuda.ifPresent(RecordingCuda::assertClean);
  }

  private static Set<Thread> workers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("millrace-worker-"))
        .collect(Collectors.toSet());
  }
}
