package io.millrace.training.parallel;

import io.millrace.Internal;
import io.millrace.training.metrics.Scores;
import io.millrace.transfer.DeviceBatch;
import io.millrace.transfer.EpochStats;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What each batch of an epoch has added to losses and digest, so that ranks can add it up in the
 * order of the batches: sums of doubles and the digest depend on it. One thread.
 */
@Internal
public final class EpochLedger {
  /**
   * Statistics and sums of all ranks together.
   *
   * @param stats with the times of rank 0; those of workers are sums over all ranks
   */
  public record Together(EpochStats stats, Scores.Sums sums) {}

  private record Batch(int number, long checksum, boolean labelled, double loss) {}

  private record OfRank(EpochStats stats, List<Long> counts, List<Batch> batches) {}

  private record Taken(int number, long checksum, boolean labelled) {}

  private final Ranks ranks;
  private final Together before;
  private final List<Taken> taken = new ArrayList<>();
  private final List<Double> losses = new ArrayList<>();
  private double loss;
  private long digest;
  private long numBatches;

  /**
   * @param before of the part of the epoch that is done
   */
  public EpochLedger(Ranks ranks, Together before) {
    this.ranks = ranks;
    this.before = before;
    loss = before.sums.loss();
    digest = before.stats.batchesDigest();
    numBatches = before.stats.numBatches();
  }

  /**
   * The statistics that a rank's stream of batches begins with.
   *
   * @param numOwn batches of the part that is done that are this rank's
   */
  public EpochStats ownBefore(int numOwn) {
    if (ranks.isAlone()) {
      return before.stats;
    }
    EpochStats first = ranks.isFirst() ? before.stats : EpochStats.NONE;
    return new EpochStats(
        numOwn,
        first.numNodes(),
        first.numEdges(),
        first.featureBytes(),
        first.sampleNanos(),
        first.sliceNanos(),
        first.slotWaitNanos(),
        first.consumerWaitNanos(),
        first.slotGrowths(),
        first.wallNanos(),
        first.batchesDigest());
  }

  /** The scores of this rank's batches; those of the part that is done count on rank 0. */
  public Scores begin(Scores scores) {
    if (ranks.isFirst()) {
      scores.restore(before.sums);
    }
    if (!ranks.isAlone()) {
      scores.tellLosses(losses::add);
    }
    return scores;
  }

  /** A batch is computed; its loss comes later, unless it has no labels. */
  public void taken(DeviceBatch batch, boolean labelled) {
    if (!ranks.isAlone()) {
      taken.add(new Taken(batch.number(), batch.checksum(), labelled));
    }
  }

  /**
   * Adds up what all ranks have, as one process would have added it. All ranks call it together,
   * between two steps; only batches since the last time are exchanged.
   *
   * @param stats of this rank's batches
   * @param sums of this rank's scores, none of which is still to come
   */
  public Together together(EpochStats stats, Scores.Sums sums) {
    if (ranks.isAlone()) {
      return new Together(stats, sums);
    }
    List<OfRank> all =
        ranks.collective().allGather(encoded(new OfRank(stats, sums.counts(), batches()))).stream()
            .map(EpochLedger::decoded)
            .toList();
    taken.clear();
    losses.clear();
    List<Batch> inOrder =
        all.stream()
            .flatMap(it -> it.batches.stream())
            .sorted(Comparator.comparingInt(Batch::number))
            .toList();
    for (Batch batch : inOrder) {
      loss += batch.labelled ? batch.loss : 0;
      digest = EpochStats.digest(digest, batch.checksum);
      numBatches++;
    }
    return new Together(sum(all, numBatches, digest), new Scores.Sums(loss, counts(all)));
  }

  private List<Batch> batches() {
    List<Batch> batches = new ArrayList<>();
    int next = 0;
    for (Taken it : taken) {
      double loss = it.labelled ? losses.get(next++) : 0;
      batches.add(new Batch(it.number, it.checksum, it.labelled, loss));
    }
    return batches;
  }

  private static List<Long> counts(List<OfRank> all) {
    List<Long> counts = new ArrayList<>();
    for (int i = 0; i < all.getFirst().counts.size(); i++) {
      int index = i;
      counts.add(all.stream().mapToLong(it -> it.counts.get(index)).sum());
    }
    return counts;
  }

  private static EpochStats sum(List<OfRank> all, long numBatches, long digest) {
    EpochStats first = all.getFirst().stats;
    return new EpochStats(
        numBatches,
        stats(all).mapToLong(EpochStats::numNodes).sum(),
        stats(all).mapToLong(EpochStats::numEdges).sum(),
        stats(all).mapToLong(EpochStats::featureBytes).sum(),
        stats(all).mapToLong(EpochStats::sampleNanos).sum(),
        stats(all).mapToLong(EpochStats::sliceNanos).sum(),
        stats(all).mapToLong(EpochStats::slotWaitNanos).sum(),
        first.consumerWaitNanos(),
        stats(all).mapToLong(EpochStats::slotGrowths).sum(),
        first.wallNanos(),
        digest);
  }

  private static Stream<EpochStats> stats(List<OfRank> all) {
    return all.stream().map(OfRank::stats);
  }

  private static byte[] encoded(OfRank own) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (long value : values(own.stats)) {
        out.writeLong(value);
      }
      out.writeInt(own.counts.size());
      for (long count : own.counts) {
        out.writeLong(count);
      }
      out.writeInt(own.batches.size());
      for (Batch batch : own.batches) {
        out.writeInt(batch.number);
        out.writeLong(batch.checksum);
        out.writeBoolean(batch.labelled);
        out.writeDouble(batch.loss);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return bytes.toByteArray();
  }

  private static long[] values(EpochStats stats) {
    return new long[] {
      stats.numNodes(),
      stats.numEdges(),
      stats.featureBytes(),
      stats.sampleNanos(),
      stats.sliceNanos(),
      stats.slotWaitNanos(),
      stats.consumerWaitNanos(),
      stats.slotGrowths(),
      stats.wallNanos()
    };
  }

  private static OfRank decoded(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      EpochStats stats =
          new EpochStats(
              0,
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              0);
      List<Long> counts = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        counts.add(in.readLong());
      }
      List<Batch> batches = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        batches.add(new Batch(in.readInt(), in.readLong(), in.readBoolean(), in.readDouble()));
      }
      return new OfRank(stats, counts, batches);
    } catch (IOException e) {
      throw new UncheckedIOException("a rank's part of an epoch cannot be read", e);
    }
  }
}
