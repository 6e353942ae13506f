package io.millrace.datasets;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.Require;
import io.millrace.datasets.platform.IoErrors;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The features of all nodes, one row of {@code dim} values per node: {@code [numNodes x dim]},
 * row-major, float32 or float16, off-heap and usually mapped from disk.
 *
 * <p>Immutable and shared by all threads. It does not own its memory: see {@link GraphDataset}.
 */
public final class FeatureMatrix {
  private final int numNodes;
  private final int dim;
  private final FeatureType type;
  private final MemorySegment rows;
  private final Optional<Location> file;

  /**
   * Where the rows are on disk.
   *
   * @param offset of the first row in the file, in bytes; the others follow it
   */
  @Internal
  public record Location(Path file, long offset) {}

  private FeatureMatrix(
      int numNodes, int dim, FeatureType type, MemorySegment rows, Optional<Location> file) {
    this.numNodes = numNodes;
    this.dim = dim;
    this.type = type;
    this.rows = rows.asReadOnly();
    this.file = file;
  }

  /**
   * Wraps memory without a copy.
   *
   * @param rows little-endian values, {@code numNodes * dim * type.bytes()} bytes
   */
  public static FeatureMatrix of(int numNodes, int dim, FeatureType type, MemorySegment rows) {
    if (dim < 1 || numNodes < 0 || rows.byteSize() != (long) numNodes * dim * type.bytes()) {
      throw BadInputException.of(
          "features must hold numNodes x dim values",
          "numNodes",
          numNodes,
          "dim",
          dim,
          "type",
          type,
          "bytes",
          rows.byteSize());
    }
    return new FeatureMatrix(numNodes, dim, type, rows, Optional.empty());
  }

  /**
   * The same matrix, whose rows are mapped from a file that memory does not hold.
   *
   * @param path the file; the rows are its end
   * @throws BadInputException if it cannot be read
   */
  @Internal
  public FeatureMatrix onDisk(Path path) {
    try {
      Location location = new Location(path, Files.size(path) - rows.byteSize());
      return new FeatureMatrix(numNodes, dim, type, rows, Optional.of(location));
    } catch (IOException e) {
      throw IoErrors.cannotRead(path, e);
    }
  }

  /**
   * A small matrix on the heap: {@code values} holds the rows one after the other, and is wrapped,
   * not copied.
   */
  public static FeatureMatrix of(int dim, float[] values) {
    Require.positive("dim", dim);
    return of(values.length / dim, dim, FeatureType.FLOAT32, MemorySegment.ofArray(values));
  }

  public int numNodes() {
    return numNodes;
  }

  public int dim() {
    return dim;
  }

  public FeatureType type() {
    return type;
  }

  public int rowBytes() {
    return dim * type.bytes();
  }

  /** Read-only: the whole matrix, row {@code v} at {@code v * rowBytes()}. */
  public MemorySegment rows() {
    return rows;
  }

  /** The file to read rows from, if {@link StorageMode#DISK} was chosen for the dataset. */
  @Internal
  public Optional<Location> file() {
    return file;
  }

  /**
   * One value, widened to float32. For tests and inspection; batches are gathered by whole rows.
   */
  public float get(int node, int column) {
    long index = (long) node * dim + column;
    return type == FeatureType.FLOAT32
        ? rows.getAtIndex(JAVA_FLOAT, index)
        : Float.float16ToFloat(rows.getAtIndex(JAVA_SHORT, index));
  }
}
