package io.millrace.training.inference.chunks;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.EdgeAttributes;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.StorageMode;
import io.millrace.training.inference.TestInference;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResidentLimitTest {
  private static final int NUM_NODES = 1 << 16;
  private static final int DIM = 512;
  private static final long BYTES = (long) NUM_NODES * DIM * Float.BYTES;

  @TempDir private Path folder;

  @Test
  @Tag("exhaustive")
  void pagesOfAMappedFileAreGivenBackAboveTheBound() {
    assumeTrue(ResidentLimit.fileBytes() > 0, "the system does not tell what is resident");
    try (GraphDataset made =
        GraphDataset.builder("wide", TestInference.emptyGraph(NUM_NODES))
            .features(
                FeatureMatrix.of(
                    NUM_NODES,
                    DIM,
                    FeatureType.FLOAT32,
                    MemorySegment.ofArray(new float[NUM_NODES * DIM])))
            .build()) {
      made.save(folder.resolve("wide"));
    }
    try (GraphDataset data = GraphDataset.open(folder.resolve("wide"), StorageMode.MAPPED)) {
      MemorySegment rows = data.features().rows();
      try (ResidentLimit limit = new ResidentLimit(data, BYTES / 2)) {
        long before = ResidentLimit.fileBytes();
        limit.whileWatching(
            rows,
            () -> {
              touch(rows);
              return await(before + 5 * BYTES / 8);
            });
      }
      touch(rows); // it is still there
    }
  }

  @Test
  @Tag("exhaustive")
  void attributesOfEdgesAreWatchedToo() {
    assumeTrue(ResidentLimit.fileBytes() > 0, "the system does not tell what is resident");
    long[] indptr = LongStream.rangeClosed(0, NUM_NODES).toArray();
    MemorySegment values = MemorySegment.ofArray(new float[NUM_NODES * DIM]);
    try (GraphDataset made =
        GraphDataset.builder("wide", CsrGraph.of(indptr, new int[NUM_NODES]))
            .features(FeatureMatrix.of(1, new float[NUM_NODES]))
            .edges(EdgeAttributes.NONE.withFeatures(DIM, values))
            .build()) {
      made.save(folder.resolve("wide"));
    }
    long before = ResidentLimit.fileBytes();
    try (GraphDataset data = GraphDataset.open(folder.resolve("wide"), StorageMode.MAPPED);
        ResidentLimit _ = new ResidentLimit(data, BYTES / 2)) {
      touch(data.edges().features());
      await(before + 5 * BYTES / 8);
    }
  }

  private static boolean await(long bytes) {
    long end = System.nanoTime() + 10_000_000_000L;
    while (ResidentLimit.fileBytes() > bytes) {
      assertTrue(System.nanoTime() < end, "still resident: " + ResidentLimit.fileBytes());
      LockSupport.parkNanos(1_000_000);
    }
    return true;
  }

  private static void touch(MemorySegment rows) {
    for (long at = 0; at < rows.byteSize(); at += 4096) {
      assertTrue(rows.get(ValueLayout.JAVA_BYTE, at) == 0);
    }
  }
}
