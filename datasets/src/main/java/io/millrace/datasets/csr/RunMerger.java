package io.millrace.datasets.csr;

import io.millrace.Progress;
import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.platform.Parallel;
import io.millrace.datasets.platform.Sequencer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Merges sorted runs into rows: each thread takes the next {@link MergePartitions.Piece}, copies it
 * from all runs into its buffer, sorts that, and appends it to the output when the pieces before it
 * are done.
 *
 * <p>In a buffer the runs are in the order of the input and the sort is stable, so edges with the
 * same key stay in that order.
 */
final class RunMerger {
  private static final String STAGE = "sort edges";

  private final List<SortedRun> runs;
  private final EdgeColumns columns;
  private final EdgeOptions options;
  private final Progress progress;
  private final CsrAppender output;
  private final long[] runStarts;
  private final long numRecords;
  private final AtomicInteger nextPiece = new AtomicInteger();
  private final Sequencer order = new Sequencer();
  private long mergedRecords;

  RunMerger(
      List<SortedRun> runs,
      EdgeColumns columns,
      EdgeOptions options,
      CsrAppender output,
      Progress progress) {
    this.runs = runs;
    this.columns = columns;
    this.options = options;
    this.output = output;
    this.progress = progress;
    this.runStarts = new long[runs.size()];
    for (int run = 1; run < runStarts.length; run++) {
      runStarts[run] = runStarts[run - 1] + runs.get(run - 1).given();
    }
    this.numRecords = runs.stream().mapToLong(SortedRun::size).sum();
  }

  void run(SortMemory sizes) {
    int pieceRecords = sizes.pieceRecords(runs.size(), columns, options);
    progress.update(STAGE, 0, numRecords);
    List<MergePartitions.Piece> pieces =
        new MergePartitions(runs, pieceRecords, options.dropDuplicates()).cut();
    int bufferRecords = (int) Math.min(pieceRecords, Math.max(1, numRecords));
    try (Arena arena = Arena.ofShared()) {
      Parallel.workers(
          sizes.mergeWorkers(pieceRecords, columns),
          () -> {
            EdgeBuffer buffer = new EdgeBuffer(bufferRecords, columns, arena);
            return () -> mergeNext(pieces, buffer);
          });
    }
    progress.update(STAGE, numRecords, numRecords);
  }

  /** Merges the next piece, if there is one. */
  private boolean mergeNext(List<MergePartitions.Piece> pieces, EdgeBuffer buffer) {
    int number = nextPiece.getAndIncrement();
    if (number >= pieces.size()) {
      return false;
    }
    try {
      MergePartitions.Piece piece = pieces.get(number);
      merge(piece, buffer);
      if (!order.await(number)) {
        return false;
      }
      output.append(buffer);
      mergedRecords += piece.size();
      progress.update(STAGE, mergedRecords, numRecords);
      order.done(number);
      return true;
    } catch (RuntimeException | Error e) {
      order.fail();
      throw e;
    } catch (IOException e) {
      order.fail();
      throw new UncheckedIOException(e);
    }
  }

  private void merge(MergePartitions.Piece piece, EdgeBuffer buffer) {
    buffer.clear();
    for (int run = 0; run < runs.size(); run++) {
      int start = buffer.size();
      runs.get(run).copy(piece.from()[run], piece.to()[run], buffer);
      if (columns.ids()) {
        buffer.addToIds(start, runStarts[run]);
      }
    }
    buffer.sort();
    if (options.dropDuplicates()) {
      buffer.dropDuplicates();
    }
  }
}
