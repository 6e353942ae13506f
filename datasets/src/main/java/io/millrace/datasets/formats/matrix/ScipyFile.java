package io.millrace.datasets.formats.matrix;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.csr.EdgeBlock;
import io.millrace.datasets.formats.EdgeInput;
import io.millrace.datasets.npy.NpzFile;
import io.millrace.datasets.npy.NumpyReader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A sparse matrix as {@code scipy.sparse.save_npz} writes it. The values are weights.
 *
 * <pre>
 *   csr   indptr [rows + 1], indices [nnz]: columns, data [nnz]
 *   csc   indptr [columns + 1], indices [nnz]: rows, data [nnz]
 *   coo   row [nnz], col [nnz], data [nnz]
 * </pre>
 *
 * The arrays are read together, once, by one thread at a time.
 */
final class ScipyFile implements MatrixFile, EdgeInput {
  private final Path file;
  private final NpzFile npz;
  private final String format;
  private final int numNodes;
  private final EdgeColumns columns;

  /** The bounds of rows or columns; in coo the row of each entry. */
  private final NumpyReader outer;

  private final NumpyReader inner;
  private final NumpyReader data;
  private final long[] number = new long[1];
  private int line = -1;
  private long lineEnd;
  private long numRead;
  private boolean over;

  private ScipyFile(Path file, NpzFile npz, String format, int numNodes, boolean edgeIds) {
    boolean coo = format.equals("coo");
    this.file = file;
    this.npz = npz;
    this.format = format;
    this.numNodes = numNodes;
    columns = new EdgeColumns(edgeIds, true, false, 0);
    data = npz.read("data");
    inner = npz.read(coo ? "col" : "indices").requireIntegers();
    outer = npz.read(coo ? "row" : "indptr").requireIntegers();
    requireLength(data, data.numElements());
    requireLength(inner, data.numElements());
    requireLength(outer, coo ? data.numElements() : numNodes + 1L);
    MatrixFile.requireEdges(file, numNodes, data.numElements());
    if (!coo && next(outer) != 0) {
      throw outer.error("element", 0, "sparse matrix must begin at 0", "value", number[0]);
    }
  }

  /**
   * @param npz closed by the result, but not if this fails
   */
  static ScipyFile of(Path file, NpzFile npz, boolean edgeIds) {
    String format = npz.text("format");
    if (!List.of("csr", "csc", "coo").contains(format)) {
      throw BadInputException.of(
          "sparse matrix of this format is not read; convert it with matrix.tocsr()",
          "file",
          file,
          "format",
          format,
          "need",
          "csr, csc or coo");
    }
    return new ScipyFile(file, npz, format, size(file, npz.read("shape")), edgeIds);
  }

  private static int size(Path file, NumpyReader in) {
    try (in) {
      long[] shape = new long[2];
      if (in.requireIntegers().numElements() != 2) {
        throw in.wrongShape("[2]");
      }
      in.next(shape, 2);
      if (shape[0] != shape[1] || shape[0] < 1) {
        throw in.error(
            "element", 0, "matrix of a graph is square", "shape", Arrays.toString(shape));
      }
      return MatrixFile.requireEdges(file, shape[0], Math.max(shape[0] >> 6, 1));
    }
  }

  private static void requireLength(NumpyReader in, long length) {
    if (!in.shape().equals(List.of(length))) {
      throw in.wrongShape("[" + length + "]");
    }
  }

  private long next(NumpyReader in) {
    in.next(number, 1);
    return number[0];
  }

  @Override
  public EdgeInput edges(int maxNodes, Path scratch, Progress progress) {
    return this;
  }

  @Override
  public EdgeColumns columns() {
    return columns;
  }

  @Override
  public long numEdges() {
    return data.numElements();
  }

  @Override
  public synchronized long next(EdgeBlock block) {
    if (over || numRead == data.numElements()) {
      return END;
    }
    over = true; // after an error nothing more is read, so that this error is the one reported
    long first = numRead;
    while (!block.isFull() && numRead < data.numElements()) {
      int from = format.equals("coo") ? node(outer) : lineOfEntry();
      int to = node(inner);
      boolean byColumn = format.equals("csc");
      block.add(byColumn ? to : from, byColumn ? from : to);
      block.weight(block.size() - 1, weight());
      numRead++;
    }
    over = false;
    return first;
  }

  /** The row, or in csc the column, that the next entry is in. */
  private int lineOfEntry() {
    while (numRead == lineEnd) {
      nextLine();
    }
    return line;
  }

  private void nextLine() {
    if (++line == numNodes) {
      throw outer.error(
          "element", numNodes, "values after the last row", "values", data.numElements() - numRead);
    }
    long end = next(outer);
    if (end < lineEnd || end > data.numElements()) {
      throw outer.error(
          "element",
          line + 1L,
          "row bound out of range",
          "bound",
          end,
          "from",
          lineEnd,
          "to",
          data.numElements());
    }
    lineEnd = end;
  }

  private int node(NumpyReader in) {
    long id = next(in);
    if (id < 0 || id >= numNodes) {
      throw in.error(
          "element", in.position() - 1, "edge id out of range", "id", id, "numNodes", numNodes);
    }
    return (int) id;
  }

  private float weight() {
    double value = data.next();
    if (!Float.isFinite((float) value)) {
      throw data.error("element", numRead, "value is not finite in 32 bits", "value", value);
    }
    return (float) value;
  }

  /** Reads the bounds of the rows after the last entry. */
  @Override
  public void end(long found) {
    while (!format.equals("coo") && line + 1 < numNodes) {
      nextLine();
    }
  }

  @Override
  public int maxNodes() {
    return numNodes;
  }

  @Override
  public int numNodes() {
    return numNodes;
  }

  @Override
  public List<String> notes() {
    return List.of(
        "%s: scipy %s, %s rows, %s entries, values are weights"
            .formatted(file.getFileName(), format, numNodes, data.numElements()));
  }

  @Override
  public void close() {
    npz.close(); // and with it its readers
  }
}
