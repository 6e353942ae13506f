package io.millrace.datasets.formats.matrix;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.Progress;
import io.millrace.datasets.formats.EdgeInput;
import io.millrace.datasets.formats.ids.DenseIds;
import java.nio.file.Path;
import java.util.List;

/**
 * A graph in a file that holds a matrix or an array. Its rows, or the numbers in it, are the node
 * ids. Used by one thread, which closes it.
 */
@Internal
public interface MatrixFile extends AutoCloseable {
  /** Up to this many nodes, nodes without edges cost too little to matter. */
  int MIN_SPARSE = 1 << 20;

  /** Whether a file is one of these, by its name or by its first line. */
  static boolean isOne(Path file) {
    String name = file.toString();
    return name.endsWith(".npy") || name.endsWith(".npz") || MatrixMarketFile.isOne(file);
  }

  /**
   * @param edgeIds whether edges keep their position in the input
   * @throws BadInputException if the file is malformed, or of a kind that cannot be read
   */
  static MatrixFile open(Path file, boolean edgeIds) {
    String name = file.toString();
    if (name.endsWith(".npy") || name.endsWith(".npz")) {
      return name.endsWith(".npz")
          ? NumpyFile.openArchive(file, edgeIds)
          : NumpyFile.open(file, edgeIds);
    }
    return MatrixMarketFile.open(file, edgeIds);
  }

  /** The number of nodes if the file states it, otherwise the largest possible one. */
  default int maxNodes() {
    return DenseIds.MAX_NODES;
  }

  /**
   * The edges, once. The caller closes them.
   *
   * @param maxNodes ids must be below
   * @param scratch a path at which a temporary file may be created
   */
  EdgeInput edges(int maxNodes, Path scratch, Progress progress);

  /** The number of nodes. Final once all edges have been read. */
  int numNodes();

  /** What the file holds, in words for people. */
  List<String> notes();

  @Override
  void close();

  /** Checks that there are not far more nodes than edges, which no real graph has. */
  static int requireEdges(Path file, long numNodes, long numEdges) {
    if (numEdges == 0) {
      throw BadInputException.of("no edges", "file", file);
    }
    if (numNodes > MIN_SPARSE && numNodes / 64 > numEdges || numNodes > DenseIds.MAX_NODES) {
      throw BadInputException.of(
          "far more nodes than edges; renumber the nodes (numpy.unique, return_inverse=True)",
          "file",
          file,
          "numNodes",
          numNodes,
          "edges",
          numEdges);
    }
    return (int) numNodes;
  }
}
