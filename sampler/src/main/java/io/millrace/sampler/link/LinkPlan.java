package io.millrace.sampler.link;

import io.millrace.BadInputException;
import io.millrace.datasets.links.NodePairs;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.draw.BatchRandom;
import io.millrace.sampler.draw.ExcludedRanks;
import java.util.Optional;

/**
 * Batches whose seeds are the ends of links: an {@link EpochPlan} over the positives says which of
 * them form which batch, and negatives are drawn for each. All threads share it.
 */
public final class LinkPlan {
  /** The key below a batch's seed that negatives have. */
  private static final int NEGATIVES = -1;

  private final NodePairs positives;
  private final Negatives negatives;
  private final EdgeLookup edges;
  private final NegativeDraw draw;
  private final Optional<TargetEdges> targets;

  private final LatestBatches<Batches> latest = new LatestBatches<>(Batches::new);

  private LinkPlan(
      NodePairs positives, Negatives negatives, EdgeLookup edges, Optional<TargetEdges> targets) {
    this.positives = positives;
    this.negatives = negatives;
    this.targets = targets;
    this.edges = edges;
    draw = new NegativeDraw(edges, negatives);
  }

  /**
   * A plan that leaves the positives' edges out of their batch: in an undirected graph in both
   * directions.
   *
   * @param positives usually the links of the graph
   * @param edges of the training graph
   * @throws BadInputException if there are no positives, or the graph has not at least two nodes
   */
  public static LinkPlan of(NodePairs positives, Negatives negatives, EdgeLookup edges) {
    requireLinks(positives, edges);
    return new LinkPlan(
        positives, negatives, edges, Optional.of(new TargetEdges(edges, !edges.directed())));
  }

  /** The same, with a choice of whether the reverses of the positives are left out. */
  public static LinkPlan of(
      NodePairs positives, Negatives negatives, EdgeLookup edges, boolean reverse) {
    requireLinks(positives, edges);
    return new LinkPlan(positives, negatives, edges, Optional.of(new TargetEdges(edges, reverse)));
  }

  /** The same, but a batch sees the links that it predicts. It is for comparison only. */
  public static LinkPlan withTargets(NodePairs positives, Negatives negatives, EdgeLookup edges) {
    requireLinks(positives, edges);
    return new LinkPlan(positives, negatives, edges, Optional.empty());
  }

  private static void requireLinks(NodePairs positives, EdgeLookup edges) {
    if (edges.graph().numNodes() < 2) {
      throw BadInputException.of(
          "links need at least two nodes", "numNodes", edges.graph().numNodes());
    }
    if (positives.size() == 0) {
      throw BadInputException.of("there are no links to learn", "edges", edges.graph().numEdges());
    }
  }

  /** The number of positives: an {@link EpochPlan} for {@link #batches} has the ids below it. */
  public int size() {
    return positives.size();
  }

  /**
   * The batches of an epoch: the same object while the same epoch is asked for, so that the
   * negatives of a batch are drawn once.
   *
   * @param epoch whose seeds are indices of the positives
   */
  public Batches batches(EpochPlan.Epoch epoch) {
    return latest.of(epoch);
  }

  /** The batches of one epoch. Immutable; all threads share it. */
  public final class Batches implements LinkBatches {
    private final EpochPlan.Epoch epoch;
    private final RecentLinks recent = new RecentLinks(this::draw);

    private Batches(EpochPlan.Epoch epoch) {
      this.epoch = epoch;
    }

    @Override
    public EpochPlan.Epoch epoch() {
      return epoch;
    }

    @Override
    public Optional<long[]> times(int batch) {
      return Optional.empty();
    }

    @Override
    public void exclude(int batch, ExcludedRanks excluded) {
      targets.ifPresentOrElse(
          edges -> edges.find(ends(epoch.seeds(batch)), excluded), excluded::clear);
    }

    @Override
    public LinkSeeds links(int batch) {
      return recent.get(batch);
    }

    private LinkSeeds draw(int batch) {
      int[] ends = ends(epoch.seeds(batch));
      PairCollector pairs =
          new PairCollector(ends, numNegatives(ends.length / 2), endsOfNegative());
      long key = BatchRandom.key(epoch.batchSeed(batch), NEGATIVES);
      if (negatives.kind() != Negatives.Kind.IN_BATCH) {
        for (int i = 0; i < pairs.numPositives(); i++) {
          long pairKey = BatchRandom.key(key, i);
          for (int q = 0; q < negatives.perPositive(); q++) {
            addNegative(pairs, pairKey, i, q);
          }
        }
      }
      return pairs.seeds();
    }

    private int numNegatives(int numPositives) {
      return negatives.kind() == Negatives.Kind.IN_BATCH
          ? 0
          : Math.multiplyExact(numPositives, negatives.perPositive());
    }

    private int endsOfNegative() {
      return negatives.kind() == Negatives.Kind.UNIFORM ? 2 : 1;
    }

    /**
     * Which destinations are no in-batch negatives of which positive: another copy of its own
     * destination, and, where negatives are strict, its source and all nodes that it is linked to.
     *
     * @return {@code [numPositives x numPositives]}: cell {@code (i, j)} is the source of positive
     *     i with the destination of j; the diagonal is false
     */
    public boolean[] knownCells(LinkSeeds links) {
      int count = links.numPositives();
      boolean[] known = new boolean[Math.multiplyExact(count, count)];
      for (int i = 0; i < count; i++) {
        int src = links.seeds()[i];
        for (int j = 0; j < count; j++) {
          int dst = links.seeds()[count + j];
          boolean same = dst == links.seeds()[count + i];
          boolean linked = negatives.strict() && (src == dst || edges.has(src, dst));
          known[i * count + j] = i != j && (same || linked);
        }
      }
      return known;
    }

    private void addNegative(PairCollector pairs, long key, int i, int q) {
      if (negatives.kind() == Negatives.Kind.DESTINATION) {
        int dst = draw.destination(key, q, pairs.node(i));
        if (dst != NegativeDraw.NONE) {
          pairs.add(i, i, pairs.seed(dst));
        }
      } else {
        int[] ends = draw.pair(key, q);
        if (ends.length > 0) {
          pairs.add(i, pairs.seed(ends[0]), pairs.seed(ends[1]));
        }
      }
    }

    /** Sources, then destinations. */
    private int[] ends(int[] links) {
      int[] ends = new int[2 * links.length];
      for (int i = 0; i < links.length; i++) {
        ends[i] = positives.src(links[i]);
        ends[links.length + i] = positives.dst(links[i]);
      }
      return ends;
    }
  }
}
