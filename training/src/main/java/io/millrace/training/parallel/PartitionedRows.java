package io.millrace.training.parallel;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.DatasetPart;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.ranks.RankFailedException;
import io.millrace.ranks.rows.RowExchange;
import io.millrace.sampler.Fanout;
import io.millrace.slicing.FeatureStore;
import io.millrace.slicing.partition.Assignment;
import io.millrace.slicing.partition.PartRows;
import io.millrace.slicing.partition.PartitionPlan;
import io.millrace.slicing.partition.PartitionedFeatures;
import io.millrace.slicing.partition.RowCounts;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/**
 * The feature rows of a training that are divided among its ranks: this rank's own, its copies of
 * others' and the connections to them. Used by the trainer's thread, which closes it after the
 * workers have ended.
 */
@Internal
public final class PartitionedRows implements AutoCloseable {
  private final Ranks ranks;
  private final Duration limit;
  private final PartitionPlan plan;
  private final FeatureStore own;
  private final RowExchange exchange;
  private final PartitionedFeatures features;
  private RowCounts measured = RowCounts.NONE;
  private RowCounts before = RowCounts.NONE;
  private long beginNanos;
  private long epochNanos;

  private PartitionedRows(
      Ranks ranks,
      Duration limit,
      PartitionPlan plan,
      FeatureStore own,
      RowExchange exchange,
      PartitionedFeatures features) {
    this.ranks = ranks;
    this.limit = limit;
    this.plan = plan;
    this.own = own;
    this.exchange = exchange;
    this.features = features;
  }

  /**
   * Connects the ranks, which call it together, and fetches the rows to keep.
   *
   * @param seeds of all batches of an epoch, distinct
   * @param batchSize seeds in a batch
   * @param type of the rows in the batches
   * @throws BadInputException if there are no ranks, or not as many as parts, or the assignment is
   *     of another graph or not the same on all
   */
  public static PartitionedRows of(
      PartitionSettings settings,
      Ranks ranks,
      GraphDataset data,
      int[] seeds,
      int batchSize,
      Fanout fanout,
      FeatureType type) {
    Assignment assignment = settings.assignment();
    int size = ranks.isAlone() ? 0 : ranks.collective().size();
    if (assignment.numParts() != size) {
      throw BadInputException.of(
          "each rank needs a part of the rows", "parts", assignment.numParts(), "ranks", size);
    }
    PartitionPlan plan =
        PartitionPlan.of(
            assignment,
            ranks.rank(),
            settings.cacheShare(),
            data.graph(),
            seeds,
            batchSize,
            fanout);
    data.part().ifPresent(part -> requireOwn(part, data, assignment, ranks.rank()));
    FeatureStore own = PartRows.of(data, type);
    RowExchange exchange = null;
    try {
      exchange =
          RowExchange.of(
              ranks.collective(),
              settings.bind(),
              settings.tls(),
              (ids, count, out) -> gatherOwn(plan, own, ids, count, out),
              own.dim() * type.bytes(),
              settings.limit());
      PartitionedFeatures features = new PartitionedFeatures(plan, own, exchange::fetch);
      return new PartitionedRows(ranks, settings.limit(), plan, own, exchange, features);
    } catch (Throwable t) {
      if (exchange != null) {
        exchange.close();
      }
      own.close();
      throw t;
    }
  }

  private static void requireOwn(
      DatasetPart part, GraphDataset data, Assignment assignment, int rank) {
    if (part.number() != rank) {
      throw BadInputException.of(
          "a rank needs its own part of the dataset",
          "rank",
          rank,
          "dataset",
          data.name(),
          "part",
          part.number());
    }
    Assignment cut = Assignment.of(data);
    if (!cut.equals(assignment)) {
      throw BadInputException.of(
          "a part of a dataset has its own assignment",
          "dataset",
          data.name(),
          "part's",
          cut.fingerprint(),
          "given",
          assignment.fingerprint());
    }
  }

  private static void gatherOwn(
      PartitionPlan plan, FeatureStore own, int[] ids, int count, MemorySegment out) {
    for (int i = 0; i < count; i++) {
      int id = ids[i];
      if (id < 0 || id >= plan.assignment().numNodes() || plan.assignment().of(id) != plan.own()) {
        throw BadInputException.of("row is not of this rank", "node", id, "rank", plan.own());
      }
    }
    own.gather(ids, count, out);
  }

  /** The rows, wherever they are. */
  public FeatureStore features() {
    return features;
  }

  /** Rows count from now on, until {@link #endEpoch}. */
  public void beginEpoch() {
    before = features.counts();
    beginNanos = System.nanoTime();
  }

  /** Rows no longer count. */
  public void endEpoch() {
    measured = measured.plus(features.counts().since(before));
    epochNanos += System.nanoTime() - beginNanos;
  }

  /**
   * The figures so far.
   *
   * @param numSlots of the pipeline
   */
  public PartitionReport report(int numSlots) {
    double slotNanos = (double) epochNanos * numSlots;
    return new PartitionReport(
        measured.local(),
        measured.cached(),
        measured.remote(),
        plan.predictedRemoteShare() * measured.all(),
        exchange.bytesReceived(),
        slotNanos == 0 ? 0 : Math.min(1, measured.fetchNanos() / slotNanos));
  }

  /** Waits for the other ranks, which may still ask for rows, unless one has failed. */
  @Override
  public void close() {
    try {
      ranks.collective().barrier(limit);
    } catch (RankFailedException e) {
      // it is reported elsewhere
    }
    exchange.close();
    features.close();
    own.close();
  }
}
