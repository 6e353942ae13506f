package io.millrace.datasets;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/**
 * The attributes of the edges of a {@link CsrGraph}, in the order of its {@code indices}: ids,
 * times, weights and features, each if there are any. {@link #columns} tells which ones there are;
 * access to another one is a {@link BadInputException}.
 *
 * <p>Immutable and shared by all threads. It does not own its memory: see {@link GraphDataset}.
 */
public final class EdgeAttributes {
  /** No attributes. */
  static final EdgeAttributes NONE = new EdgeAttributes(EdgeColumns.NONE, Map.of());

  private final EdgeColumns columns;
  private final Map<DatasetFile, MemorySegment> values = new EnumMap<>(DatasetFile.class);

  /**
   * @param values the elements of each column
   */
  EdgeAttributes(EdgeColumns columns, Map<DatasetFile, MemorySegment> values) {
    this.columns = columns;
    values.forEach((array, elements) -> this.values.put(array, elements.asReadOnly()));
  }

  /** Which columns there are. */
  public EdgeColumns columns() {
    return columns;
  }

  /** The edge's position in the input that the graph was made from. */
  public long id(long position) {
    return ids().getAtIndex(JAVA_LONG, position);
  }

  public long time(long position) {
    return times().getAtIndex(JAVA_LONG, position);
  }

  public float weight(long position) {
    return weights().getAtIndex(JAVA_FLOAT, position);
  }

  public float feature(long position, int column) {
    return features().getAtIndex(JAVA_FLOAT, position * columns.featureDim() + column);
  }

  /** Read-only int64 {@code [numEdges]}, for loops that visit many edges. */
  public MemorySegment ids() {
    return values(DatasetFile.EDGE_IDS);
  }

  /** Read-only int64 {@code [numEdges]}. */
  public MemorySegment times() {
    return values(DatasetFile.EDGE_TIME);
  }

  /** Read-only float32 {@code [numEdges]}. */
  public MemorySegment weights() {
    return values(DatasetFile.EDGE_WEIGHTS);
  }

  /** Read-only float32 {@code [numEdges x columns().featureDim()]}, row-major. */
  public MemorySegment features() {
    return values(DatasetFile.EDGE_FEATURES);
  }

  private MemorySegment values(DatasetFile array) {
    MemorySegment found = values.get(array);
    if (found == null) {
      throw BadInputException.of("dataset has no such file", "file", array.path());
    }
    return found;
  }

  /** The columns as they stand in a directory. */
  @Internal
  public Map<DatasetFile, MemorySegment> all() {
    return values;
  }
}
