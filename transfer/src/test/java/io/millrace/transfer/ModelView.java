package io.millrace.transfer;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.cuda.CudaStream;
import io.millrace.cuda.RecordingCuda;
import io.millrace.sampler.EpochPlan;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** What a model sees of an epoch: the bytes of every part of every batch that it computes with. */
final class ModelView {
  /** For consumers that vary their pace: how many batches they hold at most. */
  private static final int MAX_HELD = 2;

  private ModelView() {}

  static List<String> onCpu(BatchPipeline pipeline, EpochPlan.Epoch epoch) {
    List<String> seen = new ArrayList<>();
    try (EpochBatches batches = pipeline.start(epoch)) {
      while (batches.hasNext()) {
        try (DeviceBatch batch = batches.next()) {
          parts(batch).forEach(part -> seen.add(hex(part.toArray(JAVA_BYTE))));
        }
      }
    }
    return seen;
  }

  /**
   * What the model's kernels will see, enqueued by a consumer of uneven pace that holds up to two
   * batches at a time and closes them in any order.
   */
  static List<CompletableFuture<byte[]>> onGpu(
      EpochBatches batches, RecordingCuda cuda, Random random) {
    List<CompletableFuture<byte[]>> seen = new ArrayList<>();
    List<DeviceBatch> held = new ArrayList<>();
    while (batches.hasNext()) {
      if (held.size() == MAX_HELD || !held.isEmpty() && random.nextBoolean()) {
        held.remove(random.nextInt(held.size())).close();
      } else {
        DeviceBatch batch = batches.next();
        for (MemorySegment part : parts(batch)) {
          seen.add(cuda.compute(CudaStream.LEGACY_DEFAULT, part));
        }
        held.add(batch);
      }
      pause(random);
    }
    held.forEach(DeviceBatch::close);
    return seen;
  }

  private static void pause(Random random) {
    try {
      if (random.nextInt(8) == 0) {
        Thread.sleep(1);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** After {@link RecordingCuda#finish}. */
  static List<String> hex(List<CompletableFuture<byte[]>> seen) {
    return seen.stream().map(part -> hex(part.join())).toList();
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  static List<MemorySegment> parts(DeviceBatch batch) {
    List<MemorySegment> parts = new ArrayList<>();
    parts.add(batch.labels());
    for (int layer = 0; layer < batch.numLayers(); layer++) {
      parts.add(batch.layer(layer).indptr());
      parts.add(batch.layer(layer).indices());
    }
    parts.add(batch.features());
    return parts;
  }
}
