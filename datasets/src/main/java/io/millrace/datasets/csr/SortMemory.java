package io.millrace.datasets.csr;

import io.millrace.BadInputException;
import io.millrace.datasets.EdgeColumns;

/**
 * Divides the memory of a build: a part for the threads' buffers, the rest for runs.
 *
 * @param workers threads, each with a buffer of its own
 * @param blockEdges most edges of a block
 * @param bufferBytes bytes of all buffers together
 * @param storeBytes bytes of runs in memory
 */
record SortMemory(int workers, int blockEdges, long bufferBytes, long storeBytes) {
  /** Java heap, code and classes, which are not counted here; measured. */
  private static final long PROCESS_BYTES = 176L << 20;

  private static final int MIN_BLOCK_EDGES = 1 << 14;
  private static final int MAX_BLOCK_EDGES = 1 << 20;

  /** One of 512 keys of a full block stays in memory as a sample. */
  private static final int SAMPLES_PER_BLOCK = 1 << 12;

  static SortMemory of(BuildMemory memory, EdgeSource source, EdgeOptions options) {
    long bytes = memory.bytes() - PROCESS_BYTES;
    int cores = Runtime.getRuntime().availableProcessors();
    long edgeBytes = recordsPerEdge(options) * EdgeBuffer.bytesPerRecord(source.columns());
    long blockEdges =
        Math.clamp(bytes / 2 / edgeBytes, 1, blockEdges(source.numEdges(), 2L * cores));
    long blockBytes = blockEdges * edgeBytes;
    int workers = Math.clamp(bytes / 2 / blockBytes, 1, cores);
    long bufferBytes = Math.max(bytes / 4, workers * blockBytes);
    return new SortMemory(workers, (int) blockEdges, bufferBytes, bytes - bufferBytes);
  }

  /**
   * Few edges are divided into as many blocks as there are threads, if a block is worth a thread.
   */
  private static int blockEdges(long numEdges, long numBlocks) {
    return numEdges < 0
        ? MAX_BLOCK_EDGES
        : Math.clamp(numEdges / numBlocks, MIN_BLOCK_EDGES, MAX_BLOCK_EDGES);
  }

  static SortMemory inMemory(EdgeSource source, EdgeOptions options) {
    return of(new BuildMemory(Long.MAX_VALUE), source, options);
  }

  private static int recordsPerEdge(EdgeOptions options) {
    return options.addReverse() ? 2 : 1;
  }

  int blockRecords(EdgeOptions options) {
    return blockEdges * recordsPerEdge(options);
  }

  int sampleStep(EdgeOptions options) {
    return Math.max(1, blockRecords(options) / SAMPLES_PER_BLOCK);
  }

  /**
   * Edges that are merged at once, reverse ones included: as many as a block has, or more if there
   * are so many runs that each would contribute only a few.
   *
   * @throws BadInputException if the memory is too small for that
   */
  int pieceRecords(int numRuns, EdgeColumns columns, EdgeOptions options) {
    long wanted = Math.max(blockRecords(options), 8L * numRuns * sampleStep(options));
    long room = bufferBytes / EdgeBuffer.bytesPerRecord(columns);
    long records = Math.min(Math.min(wanted, room), Integer.MAX_VALUE - 8);
    if (records < 2L * numRuns * sampleStep(options)) {
      throw BadInputException.of(
          "too little memory for so many edges", "runs", numRuns, "bufferBytes", bufferBytes);
    }
    return (int) records;
  }

  /** The number of threads that merge, limited by the memory. */
  int mergeWorkers(int pieceRecords, EdgeColumns columns) {
    long pieceBytes = pieceRecords * EdgeBuffer.bytesPerRecord(columns);
    return Math.clamp(bufferBytes / pieceBytes, 1, workers);
  }
}
