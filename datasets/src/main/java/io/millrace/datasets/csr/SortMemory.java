package io.millrace.datasets.csr;

import io.millrace.BadInputException;
import io.millrace.datasets.EdgeColumns;

/**
 * How the memory of a build is shared out: a part for the threads' buffers, the rest for runs.
 *
 * @param workers threads, each with a buffer of its own
 * @param blockEdges edges that a source puts into a block
 * @param bufferBytes for all buffers together
 * @param storeBytes for runs
 */
record SortMemory(int workers, int blockEdges, long bufferBytes, long storeBytes) {
  /** Java heap, code and classes beside what is counted here, measured. */
  private static final long PROCESS_BYTES = 176L << 20;

  private static final int MIN_BLOCK_EDGES = 1 << 14;
  private static final int MAX_BLOCK_EDGES = 1 << 20;

  /** Keys of a run between two that stay in memory: one of 512 in a full block. */
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

  /** Of few edges, as many blocks as keep all threads at work, if they are worth a thread. */
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
   * Edges, reverse ones included, that are merged at once: as many as a block has, more if there
   * are so many runs that each would give but a few.
   *
   * @throws BadInputException if there is no memory for that
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

  /** Threads that merge: as many as there is room for. */
  int mergeWorkers(int pieceRecords, EdgeColumns columns) {
    long pieceBytes = pieceRecords * EdgeBuffer.bytesPerRecord(columns);
    return Math.clamp(bufferBytes / pieceBytes, 1, workers);
  }
}
