package io.millrace.datasets.generator;

import io.millrace.Progress;
import io.millrace.datasets.DatasetFile;
import io.millrace.datasets.DatasetWriter;
import io.millrace.datasets.npy.NpyWriter;
import io.millrace.datasets.platform.Parallel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/**
 * Draws feature rows on all cores, a block at a time, and streams them into {@code features.npy}.
 */
final class GeneratedFeatures {
  private static final int ROWS_PER_CHUNK = 1 << 8;
  private static final long BLOCK_BYTES = 32 << 20;

  private final RandomGraphModel model;
  private final GeneratorOptions options;
  private final Progress progress;
  private final long rowBytes;

  GeneratedFeatures(RandomGraphModel model, GeneratorOptions options, Progress progress) {
    this.model = model;
    this.options = options;
    this.progress = progress;
    this.rowBytes = (long) options.featureDim() * options.featureType().bytes();
  }

  void writeTo(DatasetWriter writer) {
    writer.write(
        DatasetFile.FEATURES.path(),
        options.featureType().npyType(),
        new long[] {options.numNodes(), options.featureDim()},
        this::write);
  }

  private void write(NpyWriter npy) throws IOException {
    int numNodes = options.numNodes();
    int chunksPerBlock = (int) Math.max(1, BLOCK_BYTES / (ROWS_PER_CHUNK * rowBytes));
    int blockRows = (int) Math.min(numNodes, (long) chunksPerBlock * ROWS_PER_CHUNK);
    try (Arena arena = Arena.ofShared()) {
      MemorySegment block = arena.allocate(blockRows * rowBytes, Long.BYTES);
      for (long first = 0; first < numNodes; first += blockRows) {
        progress.update("draw features", first, numNodes);
        int node = (int) first;
        long rows = Math.min(blockRows, numNodes - first);
        Parallel.ranges(
            rows, ROWS_PER_CHUNK, (from, to) -> draw(node, (int) from, (int) to, block));
        npy.write(block.asSlice(0, rows * rowBytes));
      }
    }
    progress.update("draw features", numNodes, numNodes);
  }

  private void draw(int firstNode, int from, int to, MemorySegment block) {
    SplittableRandom random = RandomStream.FEATURES.chunk(options.seed(), firstNode + from);
    float[] row = new float[options.featureDim()];
    for (int i = from; i < to; i++) {
      model.drawFeatures(firstNode + i, random, row);
      options.featureType().put(row, block, i);
    }
  }
}
