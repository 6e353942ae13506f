package io.millrace.datasets.links;

import io.millrace.BadInputException;
import io.millrace.Require;
import io.millrace.SplitMix64;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Divides the links of a graph at random into those that stay in it and those that are held out, as
 * PyG's RandomLinkSplit, but as a function of (graph, settings): same seed, same files.
 *
 * <p>The links are ranked by source and destination; in an undirected graph a link has the smaller
 * id first. Each has a random number that belongs to (seed, rank). The {@code floor(valid * n)}
 * smallest of the {@code n} are validation, the {@code floor(test * n)} next ones are test. Their
 * negatives are drawn uniformly from the pairs that no edge of the whole graph connects, without
 * self-loops, and no pair twice. Immutable.
 *
 * @param validShare share of the links for validation, above 0
 * @param testShare share of the links for the test, 0 or more; together below 1
 * @param numNegatives pairs without an edge for each held-out link
 * @param seed of the choice
 */
public record LinkSplit(double validShare, double testShare, int numNegatives, long seed) {
  /** 5 % for validation, 10 % for the test, a negative for each: as the graph autoencoders have. */
  public static final LinkSplit DEFAULT = new LinkSplit(0.05, 0.10, 1, 0);

  /** Ranks of negatives come after those of all links. */
  private static final long NEGATIVES = 1L << Integer.SIZE;

  /**
   * @throws BadInputException if a share is out of range
   */
  public LinkSplit {
    HeldOutShares.require(validShare, testShare);
    Require.positive("negatives", numNegatives);
  }

  /**
   * Writes a dataset directory whose graph has the training edges only, with everything else of the
   * dataset, and the held-out links in {@code links}.
   *
   * @param out must not exist; nothing is left there after a failure
   * @return what was written
   * @throws BadInputException if the graph has too few links, or too few pairs without one
   */
  public DatasetDescription write(GraphDataset data, Path out) {
    boolean directed = data.description().directed();
    long[] links = Links.of(data.graph(), directed);
    Split[] parts = parts(links.length);
    HeldOutLinks heldOut = heldOut(data, directed, links, parts);
    try (Arena arena = Arena.ofShared();
        GraphDataset training =
            TrainingEdges.of(data, arena, (src, dst) -> stays(links, parts, directed, src, dst))) {
      return training.save(out, description(data, training), heldOut.arrays());
    }
  }

  /** The held-out links alone, for graphs in memory. */
  public HeldOutLinks heldOut(GraphDataset data) {
    boolean directed = data.description().directed();
    long[] links = Links.of(data.graph(), directed);
    return heldOut(data, directed, links, parts(links.length));
  }

  private static boolean stays(long[] links, Split[] parts, boolean directed, int src, int dst) {
    return src == dst || parts[Links.rank(links, directed, src, dst)] == Split.TRAIN;
  }

  /** The part of each link, by its rank. */
  private Split[] parts(int numLinks) {
    int numValid = (int) (validShare * numLinks);
    int numTest = (int) (testShare * numLinks);
    if (numValid == 0 || testShare > 0 && numTest == 0) {
      throw BadInputException.of(
          "too few links to hold some out",
          "links",
          numLinks,
          "valid",
          validShare,
          "test",
          testShare);
    }
    long[] bits = new long[numLinks];
    Arrays.setAll(bits, this::bits);
    long[] sorted = bits.clone();
    Arrays.parallelSort(sorted); // all differ, because the generator is a bijection
    Split[] parts = new Split[numLinks];
    for (int i = 0; i < numLinks; i++) {
      parts[i] =
          bits[i] < sorted[numValid]
              ? Split.VALID
              : bits[i] < sorted[numValid + numTest] ? Split.TEST : Split.TRAIN;
    }
    return parts;
  }

  private long bits(long counter) {
    return SplitMix64.mix(SplitMix64.mix(seed) + (counter + 1) * SplitMix64.GOLDEN);
  }

  private HeldOutLinks heldOut(GraphDataset data, boolean directed, long[] links, Split[] parts) {
    NodePairs valid = pairs(links, parts, Split.VALID);
    NodePairs test = pairs(links, parts, Split.TEST);
    long all = ((long) valid.size() + test.size()) * numNegatives;
    if (all > NodePairs.MAX) {
      throw BadInputException.of(
          "too many negatives", "negatives", all, "perLink", numNegatives, "max", NodePairs.MAX);
    }
    int numValid = valid.size() * numNegatives;
    long[] negatives = negatives(data, directed, links, (int) all);
    return new HeldOutLinks(
        new HeldOutLinks.Part(valid, NodePairs.ofKeys(Arrays.copyOf(negatives, numValid))),
        new HeldOutLinks.Part(
            test, NodePairs.ofKeys(Arrays.copyOfRange(negatives, numValid, negatives.length))));
  }

  private static NodePairs pairs(long[] links, Split[] parts, Split part) {
    long[] found = new long[links.length];
    int count = 0;
    for (int i = 0; i < links.length; i++) {
      if (parts[i] == part) {
        found[count++] = links[i];
      }
    }
    return NodePairs.ofKeys(Arrays.copyOf(found, count));
  }

  /** Distinct pairs that are no links; tries end, because there are at least as many. */
  private long[] negatives(GraphDataset data, boolean directed, long[] links, int count) {
    long n = data.graph().numNodes();
    long numFree = n * (n - 1) / (directed ? 1 : 2) - links.length;
    if (numFree < count) {
      throw BadInputException.of(
          "too few pairs of nodes have no edge",
          "dataset",
          data.name(),
          "pairs",
          numFree,
          "negatives",
          count);
    }
    long[] found = new long[count];
    Set<Long> seen = HashSet.newHashSet(count);
    int size = 0;
    for (long tries = 0; size < count; tries++) {
      int src = bounded(NEGATIVES + 2 * tries, n);
      int dst = bounded(NEGATIVES + 2 * tries + 1, n);
      long key = Links.key(directed, src, dst);
      if (src != dst && Links.rank(links, directed, src, dst) < 0 && seen.add(key)) {
        found[size++] = key;
      }
    }
    return found;
  }

  /** Below the bound; the bias is at most 2^-32. */
  private int bounded(long counter, long bound) {
    return (int) Math.unsignedMultiplyHigh(bits(counter), bound);
  }

  private DatasetDescription description(GraphDataset data, GraphDataset training) {
    DatasetDescription whole = data.description();
    return new DatasetDescription(
        whole.name(),
        whole.numNodes(),
        training.graph().numEdges(),
        whole.directed(),
        whole.features(),
        whole.numClasses(),
        whole.classNames(),
        whole.targets(),
        "split-edges of %s %s: valid %s, test %s, negatives %s, seed %s"
            .formatted(
                whole.name(), whole.fingerprint(), validShare, testShare, numNegatives, seed),
        whole.licence(),
        Optional.empty(),
        Map.of());
  }
}
