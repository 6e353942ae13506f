package io.millrace.datasets.formats.matrix;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.formats.EdgeInput;
import io.millrace.datasets.formats.NumpyEdgeColumns;
import io.millrace.datasets.formats.NumpyEdges;
import io.millrace.datasets.npy.NpzFile;
import io.millrace.datasets.npy.NumpyReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Edges in an array of shape {@code [2, E]} or {@code [E, 2]}: an npy file, or the member {@code
 * edge_index} of an npz file.
 */
final class NumpyFile implements MatrixFile {
  private static final String EDGE_INDEX = "edge_index";

  private final Path file;
  private final NumpyReader in;
  private final boolean edgeIds;
  private final List<String> notes;
  private NumpyEdges edges;

  private NumpyFile(Path file, NumpyReader in, boolean edgeIds, String more) {
    this.file = file;
    this.in = in;
    this.edgeIds = edgeIds;
    notes = List.of("%s: edges of shape %s%s".formatted(file.getFileName(), in.shape(), more));
  }

  static NumpyFile open(Path file, boolean edgeIds) {
    return of(file, NumpyReader.open(file), edgeIds, "");
  }

  /** An npz file: edges, or a sparse matrix of scipy. */
  static MatrixFile openArchive(Path file, boolean edgeIds) {
    NpzFile npz = NpzFile.open(file);
    try {
      if (npz.has("format") && npz.has("shape")) {
        return ScipyFile.of(file, npz, edgeIds);
      }
      if (!npz.has(EDGE_INDEX)) {
        throw BadInputException.of(
            "npz file must hold edge_index or a sparse matrix of scipy",
            "file",
            file,
            "available",
            npz.members());
      }
      List<String> others =
          npz.members().stream().filter(member -> !member.equals(EDGE_INDEX)).toList();
      String more = others.isEmpty() ? "" : "; not read: " + String.join(", ", others);
      return of(file, npz.readAlone(EDGE_INDEX), edgeIds, more);
    } catch (RuntimeException | Error e) {
      npz.close();
      throw e;
    }
  }

  private static NumpyFile of(Path file, NumpyReader in, boolean edgeIds, String more) {
    try {
      long numEdges = NumpyEdges.count(in.requireIntegers());
      if (in.shape().equals(List.of(2L, 2L))) {
        throw BadInputException.of(
            "an array of shape [2, 2] may hold its edges in rows or in columns; write them as text",
            "file",
            file);
      }
      MatrixFile.requireEdges(file, 1, numEdges);
      return new NumpyFile(file, in, edgeIds, more);
    } catch (RuntimeException | Error e) {
      in.close();
      throw e;
    }
  }

  @Override
  public EdgeInput edges(int maxNodes, Path scratch, Progress progress) {
    edges = NumpyEdges.open(in, maxNodes, scratch, progress);
    return NumpyEdgeColumns.open(
        edges,
        new NumpyEdgeColumns.Source(edgeIds, Optional.empty(), Optional.empty(), Optional.empty()));
  }

  @Override
  public int numNodes() {
    return MatrixFile.requireEdges(file, edges.numNodes(), edges.numEdges());
  }

  @Override
  public List<String> notes() {
    return notes;
  }

  @Override
  public void close() {
    in.close();
  }
}
