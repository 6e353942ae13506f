package io.millrace.datasets.formats.features;

import io.millrace.BadInputException;
import io.millrace.datasets.npy.NpzFile;
import io.millrace.datasets.npy.NumpyReader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Feature rows from a sparse matrix as {@code scipy.sparse.save_npz} writes it, in scipy's CSR
 * form; each row is made dense as it is read.
 *
 * <pre>
 *   format    'csr'                       shape     [2]: rows, columns
 *   indptr    [rows + 1], row bounds      indices   [nnz], columns      data   [nnz], values of any type
 * </pre>
 *
 * The three long arrays are read together, once. If a column occurs twice in a row, its values are
 * added up, as in scipy.
 */
final class SparseRows implements FeatureSource {
  /** One row must fit into memory several times. */
  private static final int MAX_COLUMNS = 1 << 24;

  private final NpzFile npz;
  private final NumpyReader indptr;
  private final NumpyReader indices;
  private final NumpyReader data;
  private final int dim;
  private final long[] number = new long[1];
  private long numRead;
  private long row = -1;

  private SparseRows(NpzFile npz, NumpyReader indptr, int dim) {
    this.npz = npz;
    this.indptr = indptr;
    this.dim = dim;
    this.indices = npz.read("indices").requireIntegers();
    this.data = npz.read("data");
  }

  static SparseRows open(Path file, int numNodes) {
    NpzFile npz = NpzFile.open(file);
    try {
      String format = npz.text("format");
      if (!format.equals("csr")) {
        throw BadInputException.of(
            "sparse matrix must be in CSR form (scipy: matrix.tocsr())",
            "file",
            file,
            "format",
            format);
      }
      int dim = columns(npz.read("shape").requireIntegers(), numNodes);
      NumpyReader indptr = npz.read("indptr").requireIntegers();
      if (!indptr.shape().equals(List.of(numNodes + 1L))) {
        throw indptr.wrongShape("[" + (numNodes + 1L) + "]");
      }
      SparseRows rows = new SparseRows(npz, indptr, dim);
      rows.begin();
      return rows;
    } catch (RuntimeException | Error e) {
      npz.close();
      throw e;
    }
  }

  private static int columns(NumpyReader in, int numNodes) {
    try (in) {
      long[] shape = new long[2];
      if (in.numElements() != 2) {
        throw in.wrongShape("[2]");
      }
      in.next(shape, 2);
      if (shape[0] != numNodes || shape[1] < 1 || shape[1] > MAX_COLUMNS) {
        throw in.error(
            "element",
            0,
            "sparse matrix has the wrong shape",
            "shape",
            Arrays.toString(shape),
            "needRows",
            numNodes,
            "maxColumns",
            MAX_COLUMNS);
      }
      return (int) shape[1];
    }
  }

  private void begin() {
    indptr.next(number, 1);
    if (number[0] != 0 || indices.numElements() != data.numElements()) {
      throw indptr.error(
          "element",
          0,
          "sparse matrix must begin at 0 and have as many indices as values",
          "indptr",
          number[0],
          "indices",
          indices.numElements(),
          "data",
          data.numElements());
    }
  }

  @Override
  public int dim() {
    return dim;
  }

  @Override
  public void next(double[] values) {
    row++;
    Arrays.fill(values, 0);
    indptr.next(number, 1);
    long end = number[0];
    if (end < numRead || end > data.numElements()) {
      throw error(
          "row bound out of range", "bound", end, "from", numRead, "to", data.numElements());
    }
    for (; numRead < end; numRead++) {
      indices.next(number, 1);
      long column = number[0];
      if (column < 0 || column >= dim) {
        throw error("column out of range", "column", column, "columns", dim);
      }
      values[(int) column] = sum(values[(int) column], data.next());
    }
  }

  /** Repeated columns are added up as float32. */
  private static double sum(double before, double value) {
    return before == 0 ? before + value : (float) before + (float) value;
  }

  @Override
  public void end() {
    if (numRead != data.numElements()) {
      throw error("values after the last row", "values", data.numElements() - numRead);
    }
  }

  @Override
  public BadInputException error(String rule, Object... namesAndValues) {
    return indptr.error("row", row, rule, namesAndValues);
  }

  @Override
  public void close() {
    npz.close(); // and with it its readers
  }
}
