package io.millrace.training.link;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.Require;
import io.millrace.datasets.links.HeldOutLinks;
import io.millrace.datasets.links.NodePairs;
import io.millrace.datasets.links.TimeSplit;
import io.millrace.sampler.link.Negatives;
import java.util.Objects;
import java.util.Optional;

/**
 * What a training of link prediction learns and is judged by. The links that it learns are the
 * edges of its dataset. Immutable.
 *
 * @param heldOut links that are not in the dataset's graph, for validation and test
 * @param negatives of each link in training; with {@link Negatives.Kind#IN_BATCH} the loss is the
 *     softmax cross-entropy over the batch's destinations, otherwise binary cross-entropy
 * @param excludeTargets whether a batch does not see the links that it predicts; only a comparison
 *     has a reason to switch it off
 * @param dim columns of the embeddings
 * @param decoder how two embeddings become a score
 * @param byTime which events are learned, if the links are events of a graph with times; then
 *     nothing is held out of its graph, and a batch sees what came before
 */
public record LinkObjective(
    HeldOutLinks heldOut,
    Negatives negatives,
    boolean excludeTargets,
    int dim,
    Decoder decoder,
    Optional<TimeSplit> byTime) {
  /** Default columns of the embeddings. */
  public static final int DIM = 64;

  private static final int MAX_DIM = 1 << 14;
  private static final int MAX_PAIRS = 1 << 28;
  private static final int MAX_VALUES = 1 << 28;

  /**
   * @throws BadInputException if the embeddings have no columns, or too many
   */
  public LinkObjective {
    Objects.requireNonNull(heldOut, "heldOut");
    Objects.requireNonNull(negatives, "negatives");
    Objects.requireNonNull(decoder, "decoder");
    if (byTime.isPresent() && !excludeTargets) {
      throw BadInputException.of(
          "links by time are never seen by their batch", "excludeTargets", excludeTargets);
    }
    if (Require.positive("dim", dim) > MAX_DIM) {
      throw BadInputException.of("embeddings have too many columns", "dim", dim, "max", MAX_DIM);
    }
  }

  /** With one negative destination for each link, and without the targets in a batch's graph. */
  public static LinkObjective of(HeldOutLinks heldOut) {
    return new LinkObjective(
        heldOut, Negatives.destination(), true, DIM, Decoder.DOT, Optional.empty());
  }

  /**
   * Learns the earliest events of a graph, and is judged by later ones: each is predicted from what
   * came before it.
   */
  public static LinkObjective byTime(TimeSplit split) {
    HeldOutLinks.Part none = new HeldOutLinks.Part(NodePairs.of(), NodePairs.of());
    return new LinkObjective(
        new HeldOutLinks(none, none),
        Negatives.destination(),
        true,
        DIM,
        Decoder.DOT,
        Optional.of(split));
  }

  public LinkObjective negatives(Negatives value) {
    return new LinkObjective(heldOut, value, excludeTargets, dim, decoder, byTime);
  }

  public LinkObjective excludeTargets(boolean value) {
    return new LinkObjective(heldOut, negatives, value, dim, decoder, byTime);
  }

  public LinkObjective dim(int value) {
    return new LinkObjective(heldOut, negatives, excludeTargets, value, decoder, byTime);
  }

  public LinkObjective decoder(Decoder value) {
    return new LinkObjective(heldOut, negatives, excludeTargets, dim, value, byTime);
  }

  /**
   * Checks that a batch's pairs can be counted.
   *
   * @param batchSize links in a batch
   * @throws BadInputException if negatives, or all sources with all destinations, are too many
   */
  @Internal
  public void requireBatch(int batchSize) {
    boolean inBatch = negatives.kind() == Negatives.Kind.IN_BATCH;
    long pairs = (long) batchSize * (inBatch ? batchSize : negatives.perPositive());
    if (pairs > MAX_PAIRS) {
      throw BadInputException.of(
          "a batch has too many pairs of nodes",
          "batchSize",
          batchSize,
          "pairs",
          pairs,
          "max",
          MAX_PAIRS);
    }
    if (inBatch && decoder == Decoder.MLP && pairs * dim > MAX_VALUES) {
      throw BadInputException.of(
          "an MLP of all sources with all destinations of a batch has too many values",
          "batchSize",
          batchSize,
          "values",
          pairs * dim,
          "max",
          MAX_VALUES);
    }
  }

  /** As a checkpoint stores it: the names are part of the format. */
  @Internal
  public String text() {
    String text =
        "Links[dim=%s, negatives=%s, perPositive=%s, strict=%s, excludeTargets=%s"
            .formatted(
                dim, negatives.kind(), negatives.perPositive(), negatives.strict(), excludeTargets);
    text += decoder == Decoder.DOT ? "" : ", decoder=" + decoder;
    return text + byTime.map(it -> ", byTime=" + it).orElse("") + "]";
  }
}
