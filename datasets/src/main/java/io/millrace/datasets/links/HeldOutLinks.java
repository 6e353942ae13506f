package io.millrace.datasets.links;

import io.millrace.BadInputException;
import io.millrace.datasets.DatasetArray;
import io.millrace.datasets.Split;
import io.millrace.datasets.npy.NpyType;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The links of a graph that were held out of it, and the pairs without an edge that they are
 * compared with. On disk they are npy files of int32 {@code [n x 2]} in the folder {@code links} of
 * a dataset directory: {@code valid.npy}, {@code valid_negatives.npy}, {@code test.npy}, {@code
 * test_negatives.npy}. Immutable.
 *
 * @param valid to select the model by
 * @param test to report results on; may be empty
 */
public record HeldOutLinks(Part valid, Part test) {
  private static final String FOLDER = "links/";

  /**
   * The links of one split.
   *
   * @param positives pairs that are linked
   * @param negatives pairs that are not; the same number for each positive, in the positives' order
   */
  public record Part(NodePairs positives, NodePairs negatives) {
    /**
     * @throws BadInputException if there is not the same number of negatives for each positive
     */
    public Part {
      int numPositives = positives.size();
      if (numPositives == 0 ? negatives.size() > 0 : negatives.size() % numPositives != 0) {
        throw BadInputException.of(
            "each positive needs the same number of negatives",
            "positives",
            numPositives,
            "negatives",
            negatives.size());
      }
    }

    /** Negatives of each positive. */
    public int numNegatives() {
      return positives.size() == 0 ? 0 : negatives.size() / positives.size();
    }

    public boolean isEmpty() {
      return positives.size() == 0;
    }

    /** The nodes that occur, ascending and each once. */
    public int[] nodes() {
      return Stream.of(positives, negatives)
          .flatMapToInt(pairs -> Arrays.stream(pairs.ends()))
          .sorted()
          .distinct()
          .toArray();
    }
  }

  /** Whether a dataset directory has held-out links. */
  public static boolean existIn(Path directory) {
    return Files.exists(directory.resolve(path(Split.VALID, false)));
  }

  /**
   * Reads those of a dataset directory.
   *
   * @param numNodes of its graph
   * @throws BadInputException if there are none, or a file is damaged
   */
  public static HeldOutLinks read(Path directory, int numNodes) {
    if (!existIn(directory)) {
      throw BadInputException.of(
          "dataset has no held-out links, split-edges makes one that has", "dataset", directory);
    }
    return new HeldOutLinks(
        part(directory, Split.VALID, numNodes), part(directory, Split.TEST, numNodes));
  }

  private static Part part(Path directory, Split split, int numNodes) {
    return new Part(
        NodePairs.read(directory.resolve(path(split, false)), numNodes),
        NodePairs.read(directory.resolve(path(split, true)), numNodes));
  }

  /**
   * The links of a split.
   *
   * @throws IllegalArgumentException for the training links, which are the graph's edges
   */
  public Part of(Split split) {
    return switch (split) {
      case VALID -> valid;
      case TEST -> test;
      case TRAIN -> throw new IllegalArgumentException("the training links are the edges");
    };
  }

  /** As they stand in a dataset directory. */
  List<DatasetArray> arrays() {
    return List.of(
        array(path(Split.VALID, false), valid.positives),
        array(path(Split.VALID, true), valid.negatives),
        array(path(Split.TEST, false), test.positives),
        array(path(Split.TEST, true), test.negatives));
  }

  private static DatasetArray array(String path, NodePairs pairs) {
    return new DatasetArray(
        path, NpyType.INT32, List.of((long) pairs.size(), 2L), MemorySegment.ofArray(pairs.ends()));
  }

  private static String path(Split split, boolean negatives) {
    return FOLDER + split.fileName() + (negatives ? "_negatives" : "") + ".npy";
  }
}
