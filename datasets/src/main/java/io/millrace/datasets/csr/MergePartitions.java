package io.millrace.datasets.csr;

import io.millrace.datasets.platform.Parallel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Cuts all sorted runs at the same keys into pieces that fit a buffer, so that each piece can be
 * merged by itself.
 *
 * <p>The cuts are chosen by the samples of the runs. If {@code s} samples lie between two cuts, at
 * most {@code (s + runs) * sampleStep} edges do: on either side of its samples, each run has less
 * than a step of edges without a sample. One key may have more edges than fit a buffer; it becomes
 * a piece of its own, which needs no sort and so can be handled in parts.
 */
final class MergePartitions {
  private final List<SortedRun> runs;
  private final int maxRecords;
  private final boolean dropDuplicates;

  /**
   * @param maxRecords most edges of a piece; at least {@code 2 * runs * sampleStep}
   */
  MergePartitions(List<SortedRun> runs, int maxRecords, boolean dropDuplicates) {
    this.runs = runs;
    this.maxRecords = maxRecords;
    this.dropDuplicates = dropDuplicates;
  }

  /** The pieces in ascending order of their keys. */
  List<Piece> cut() {
    long[] cuts = cuts();
    int[][] bounds = new int[cuts.length + 2][];
    bounds[0] = new int[runs.size()];
    bounds[cuts.length + 1] = runs.stream().mapToInt(SortedRun::size).toArray();
    Parallel.run(
        cuts.length,
        i -> bounds[i + 1] = runs.stream().mapToInt(run -> run.numBelow(cuts[i])).toArray());
    List<Piece> pieces = new ArrayList<>();
    for (int i = 0; i + 1 < bounds.length; i++) {
      add(new Piece(bounds[i], bounds[i + 1]), pieces);
    }
    return pieces;
  }

  /** Ascending keys; a piece begins at each of them, and one before the first. */
  private long[] cuts() {
    long[] samples = runs.stream().flatMapToLong(run -> Arrays.stream(run.samples())).toArray();
    Arrays.parallelSort(samples);
    int step = runs.isEmpty() ? 1 : runs.getFirst().sampleStep();
    int maxSamples = maxRecords / step - runs.size();
    LongStream.Builder cuts = LongStream.builder(); // ascending, a key may be there twice
    int start = 0;
    for (int i = 0; i < samples.length; ) {
      int next = i;
      while (next < samples.length && samples[next] == samples[i]) {
        next++;
      }
      if (next - start > maxSamples) {
        cuts.add(samples[i]);
        start = i;
      }
      if (next - start > maxSamples) {
        cuts.add(samples[i] + 1);
        start = next;
      }
      i = next;
    }
    return cuts.build().distinct().toArray();
  }

  /**
   * A piece of one key may be too large: then only the first of its duplicates is kept, or it is
   * divided.
   */
  private void add(Piece piece, List<Piece> pieces) {
    if (piece.size() == 0) {
      return;
    }
    if (piece.size() <= maxRecords) {
      pieces.add(piece);
    } else if (dropDuplicates) {
      pieces.add(piece.part(0, 1));
    } else {
      for (long from = 0; from < piece.size(); from += maxRecords) {
        pieces.add(piece.part(from, Math.min(piece.size(), from + maxRecords)));
      }
    }
  }

  /** The edges of every run from one position to another, {@code [runs]}. */
  record Piece(int[] from, int[] to) {
    long size() {
      long size = 0;
      for (int run = 0; run < from.length; run++) {
        size += to[run] - from[run];
      }
      return size;
    }

    /** The edges {@code [start, end)}, counted run by run. */
    Piece part(long start, long end) {
      int[] partFrom = new int[from.length];
      int[] partTo = new int[from.length];
      long before = 0;
      for (int run = 0; run < from.length; run++) {
        int size = to[run] - from[run];
        partFrom[run] = from[run] + Math.clamp(start - before, 0, size);
        partTo[run] = from[run] + Math.clamp(end - before, 0, size);
        before += size;
      }
      return new Piece(partFrom, partTo);
    }
  }
}
