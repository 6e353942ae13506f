package io.millrace.training.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import io.millrace.Internal;
import io.millrace.training.torch.Scalars;
import io.millrace.training.torch.TorchOp;
import io.millrace.training.torch.TorchOp.Kind;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntToLongFunction;

/**
 * One layer of a batch as arrays: a bipartite graph from {@code numSrc} sources to {@code numDst}
 * destinations, in CSR form.
 *
 * <p>Destination {@code v} aggregates from the sources {@code indices[indptr[v] .. indptr[v + 1])},
 * and is itself source {@code v}: destinations are the first {@code numDst} sources. Both arrays
 * are int32 or both int64. Owns nothing: the arrays belong to their managers. The next class to
 * read is {@link Aggregation}.
 */
public final class MfgTensors {
  /** The edges of a layer that reads no neighbours. */
  public static final MfgTensors NONE =
      new MfgTensors(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          EdgeTensors.NONE,
          Optional.empty(),
          0);

  /** The number of repetitions of each position, and the length of the result. */
  private static final TorchOp REPEAT =
      TorchOp.of("aten::repeat_interleave", "Tensor", 1, Kind.TENSOR, Kind.OPTIONAL_INT);

  private record Csr(NDArray indices, NDArray indptr) {}

  private final Optional<Csr> csr;
  private final Optional<NDArray> degrees;
  private final Optional<NDArray> weightedDegrees;
  private final EdgeTensors attributes;
  private final Optional<PartialAggregation> parts;
  private final long firstDst;

  private MfgTensors(
      Optional<Csr> csr,
      Optional<NDArray> degrees,
      Optional<NDArray> weightedDegrees,
      EdgeTensors attributes,
      Optional<PartialAggregation> parts,
      long firstDst) {
    this.csr = csr;
    this.degrees = degrees;
    this.weightedDegrees = weightedDegrees;
    this.attributes = attributes;
    this.parts = parts;
    this.firstDst = firstDst;
  }

  /**
   * Makes a layer from arrays of any origin. Row bounds are checked on the host, because libtorch
   * would read wherever they point; libtorch itself checks that an id is below {@code numSrc}.
   *
   * @param indices {@code [numEdges]}, local ids of sources
   * @param indptr {@code [numDst + 1]}, rising from 0 to {@code numEdges}
   * @throws IllegalArgumentException if the arrays do not have this form
   */
  public static MfgTensors of(NDArray indices, NDArray indptr) {
    DataType ids = indices.getDataType();
    if (indices.getShape().dimension() != 1
        || indptr.getShape().dimension() != 1
        || indptr.isEmpty()
        || indptr.getDataType() != ids
        || (ids != DataType.INT32 && ids != DataType.INT64)) {
      throw new IllegalArgumentException(
          "a layer needs int [numEdges] and int [numDst + 1]: indices=%s %s, indptr=%s %s"
              .formatted(ids, indices.getShape(), indptr.getDataType(), indptr.getShape()));
    }
    requireRowBounds(indptr, indices.size());
    return trusted(indices, indptr);
  }

  /**
   * A layer that the pipeline made: correct by construction, and possibly not accessible from the
   * host.
   */
  @Internal
  public static MfgTensors trusted(NDArray indices, NDArray indptr) {
    return new MfgTensors(
        Optional.of(new Csr(indices, indptr)),
        Optional.empty(),
        Optional.empty(),
        EdgeTensors.NONE,
        Optional.empty(),
        0);
  }

  /**
   * The same layer with the degrees of its sources.
   *
   * @param values int32 {@code [numSrc]}
   */
  public MfgTensors withDegrees(NDArray values) {
    return new MfgTensors(csr, Optional.of(values), weightedDegrees, attributes, parts, firstDst);
  }

  /**
   * The same layer with the weighted degrees of its sources.
   *
   * @param values float32 {@code [numSrc]}
   */
  @Internal
  public MfgTensors withWeightedDegrees(NDArray values) {
    return new MfgTensors(csr, degrees, Optional.of(values), attributes, parts, firstDst);
  }

  /** The same layer with attributes of its edges. */
  @Internal
  public MfgTensors withAttributes(EdgeTensors values) {
    return new MfgTensors(csr, degrees, weightedDegrees, values, parts, firstDst);
  }

  /** The same layer as a part of a row that is too long for one batch. */
  @Internal
  public MfgTensors partOf(PartialAggregation row) {
    return new MfgTensors(csr, degrees, weightedDegrees, attributes, Optional.of(row), firstDst);
  }

  /**
   * The same layer, whose destinations are consecutive sources in the middle: for a layer that
   * {@link GraphBlock#readsInPlace reads its sources in place}.
   *
   * @param source the first of them
   */
  @Internal
  public MfgTensors destinationsFrom(long source) {
    return new MfgTensors(csr, degrees, weightedDegrees, attributes, parts, source);
  }

  /** The row that this layer is a part of, if it is a part. */
  Optional<PartialAggregation> parts() {
    return parts;
  }

  private static void requireRowBounds(NDArray indptr, long numEdges) {
    ByteBuffer bytes = indptr.toByteBuffer(true); // a view: the array outlives this call
    IntToLongFunction bounds;
    if (indptr.getDataType() == DataType.INT32) {
      IntBuffer ints = bytes.asIntBuffer();
      bounds = ints::get;
    } else {
      LongBuffer longs = bytes.asLongBuffer();
      bounds = longs::get;
    }
    int numDst = Math.toIntExact(indptr.size() - 1);
    long first = bounds.applyAsLong(0);
    long last = first;
    boolean rising = true;
    for (int v = 1; v <= numDst; v++) {
      long bound = bounds.applyAsLong(v);
      rising &= last <= bound;
      last = bound;
    }
    if (!rising || first != 0 || last != numEdges) {
      throw new IllegalArgumentException(
          "row bounds must rise from 0 to the number of edges: first=%s, last=%s, rising=%s, edges=%s"
              .formatted(first, last, rising, numEdges));
    }
  }

  /** int32 or int64 {@code [numEdges]}: local ids of the sources, row after row. */
  public NDArray indices() {
    requireWholeRows();
    return csr().indices;
  }

  /** {@code [numDst + 1]}, of the type of the ids: where each destination's row begins and ends. */
  public NDArray indptr() {
    requireWholeRows();
    return csr().indptr;
  }

  /** Refuses a part, because a layer that reads the edges itself needs a whole row at once. */
  private void requireWholeRows() {
    parts.ifPresent(PartialAggregation::refuse);
  }

  /** {@link #indices}, which may be those of a part. */
  NDArray sourceIds() {
    return csr().indices;
  }

  /** {@link #indptr}, which may be that of a part. */
  NDArray bounds() {
    return csr().indptr;
  }

  public long numDst() {
    return bounds().size() - 1;
  }

  /**
   * The rows of the destinations among those of the sources; without edges, every source is a
   * destination.
   */
  public NDArray destinations(NDArray sources) {
    return csr.isEmpty()
        ? sources
        : sources.get(new NDIndex().addSliceDim(firstDst, firstDst + numDst()));
  }

  /** {@code [numDst]}: how many neighbours each destination has here. */
  public NDArray numNeighbors() {
    NDArray counts = bounds().diff(1, 0);
    return parts
        .map(row -> counts.zerosLike().add(Scalars.like(counts, row.numNeighbors())))
        .orElse(counts);
  }

  /** {@code [numEdges]}: the destination of each edge, whose source is in {@link #indices}. */
  public NDArray rows() {
    requireWholeRows();
    return destinationIds();
  }

  /** {@link #rows}, which may be that of a part. */
  NDArray destinationIds() {
    NDArray bounds = bounds();
    return REPEAT.call(bounds.getManager(), bounds.diff(1, 0), OptionalLong.of(sourceIds().size()));
  }

  /**
   * int32 {@code [numSrc]}: how many neighbours each source has in the whole graph; the batch holds
   * a sample of them.
   *
   * @throws IllegalStateException unless {@link GraphModel#usesDegrees}
   */
  public NDArray degrees() {
    return degrees.orElseThrow(
        () -> new IllegalStateException("the model does not say that it uses degrees"));
  }

  boolean hasDegrees() {
    return degrees.isPresent();
  }

  /**
   * float32 {@code [numSrc]}: the sum of the weights of each source's edges in the whole graph.
   *
   * @throws IllegalStateException unless {@link GraphModel#usesWeightedDegrees}
   */
  public NDArray weightedDegrees() {
    return named(weightedDegrees, "weighted degrees");
  }

  /**
   * int64 {@code [numEdges]}: the positions of the edges in the input of the dataset. Here and in
   * the following, one value or row for each edge in the order of {@link #indices}. What is reduced
   * to a row per destination goes through {@link Aggregation}.
   *
   * @throws IllegalStateException here and in the following, unless the model names the column in
   *     {@link GraphModel#edgeColumns}
   */
  public NDArray edgeIds() {
    return named(attributes.ids(), "edge ids");
  }

  /** int64 {@code [numEdges]}. */
  public NDArray edgeTimes() {
    return named(attributes.times(), "edge times");
  }

  /** float32 {@code [numEdges]}. */
  public NDArray edgeWeights() {
    return named(attributes.weights(), "edge weights");
  }

  /** float32 {@code [numEdges x dim]}. */
  public NDArray edgeFeatures() {
    return named(attributes.features(), "edge features");
  }

  /** Whether the draw has a {@link #scale}. */
  public boolean hasScale() {
    return attributes.scale().isPresent();
  }

  /**
   * float32 {@code [numEdges]}: the factor of each edge that makes the sum over a row's drawn edges
   * an unbiased estimate of the sum of weight times row over all edges.
   *
   * @throws IllegalStateException unless {@link #hasScale}
   */
  public NDArray scale() {
    return named(attributes.scale(), "scale");
  }

  private static NDArray named(Optional<NDArray> values, String name) {
    return values.orElseThrow(
        () -> new IllegalStateException("the model does not say that it uses " + name));
  }

  private Csr csr() {
    return csr.orElseThrow(
        () -> new IllegalStateException("this layer is behind the last hop: it has no edges"));
  }
}
