package io.millrace.datasets.formats.features;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.npy.NpzFile;
import java.nio.file.Path;
import java.util.List;

/** Feature rows from an npz file: one dense array, or a sparse matrix of scipy. Stateless. */
@Internal
public final class NpzRows {
  private NpzRows() {}

  /**
   * @param scratch the path of a temporary file for a transposed array
   * @throws BadInputException if the file holds neither, or several arrays
   */
  public static FeatureSource open(Path file, int numNodes, Path scratch) {
    NpzFile npz = NpzFile.open(file);
    boolean dense = !npz.has("format");
    try {
      List<String> members = npz.members();
      if (dense && members.size() != 1) {
        throw BadInputException.of(
            "npz file must hold one array, or a sparse matrix of scipy; save the features alone",
            "file",
            file,
            "available",
            members);
      }
      if (dense) {
        return NumpyRows.of(npz.readAlone(members.getFirst()), numNodes, scratch);
      }
    } catch (RuntimeException | Error e) {
      npz.close();
      throw e;
    }
    npz.close();
    return SparseRows.open(file, numNodes);
  }
}
