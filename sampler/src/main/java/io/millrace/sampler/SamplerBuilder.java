package io.millrace.sampler;

import io.millrace.BadInputException;
import io.millrace.Require;
import io.millrace.datasets.CsrGraph;
import io.millrace.sampler.draw.Draw;
import io.millrace.sampler.draw.EdgeTimes;
import io.millrace.sampler.draw.EdgeWeights;
import io.millrace.sampler.draw.TimeRule;
import java.util.Optional;

/** Settings of a {@link NeighborSampler}; all but graph and fanout have a default. */
public final class SamplerBuilder {
  final AdjacencyRows rows;
  final Fanout fanout;
  long maxEdges = Long.MAX_VALUE;
  Draw draw = Draw.uniform();
  Optional<EdgeWeights> weights = Optional.empty();
  Optional<EdgeTimes> times = Optional.empty();
  TimeRule timeRule = TimeRule.before();
  boolean edgePositions;
  boolean wholeGraph;
  IdMapKind idMap = IdMapKind.AUTO;
  int numSamplers = 1;

  SamplerBuilder(AdjacencyRows rows, Fanout fanout) {
    this.rows = rows;
    this.fanout = fanout;
  }

  /** By default {@link Draw#uniform}. */
  public SamplerBuilder draw(Draw value) {
    draw = value;
    return this;
  }

  /** What {@link Draw#needsWeights} draws by; none by default. */
  public SamplerBuilder weights(EdgeWeights value) {
    weights = Optional.of(value);
    return this;
  }

  /**
   * Makes a batch's entries nodes at a time: only the edges that count then are drawn from. Seeds
   * without times have {@link TimeRule#NO_LIMIT}. What {@link Draw#needsTimes} draws by; none by
   * default.
   */
  public SamplerBuilder times(EdgeTimes value, TimeRule rule) {
    times = Optional.of(value);
    timeRule = rule;
    return this;
  }

  /** Whether layers have {@link MfgLayer#positions}; not by default. */
  public SamplerBuilder edgePositions(boolean value) {
    edgePositions = value;
    return this;
  }

  /**
   * Whether batches whose every hop is {@link Fanout#ALL} have all edges of the graph, as
   * computations over the whole graph have them, those of weight 0 included. By default a draw by
   * weight leaves them out of any batch. A draw with a scale always does: they count nothing in it.
   */
  public SamplerBuilder wholeGraph(boolean value) {
    wholeGraph = value;
    return this;
  }

  boolean takesStoredEdges() {
    return wholeGraph && !draw.hasScale();
  }

  /** By default {@link IdMapKind#AUTO}. */
  public SamplerBuilder idMap(IdMapKind value) {
    idMap = value;
    return this;
  }

  /**
   * How many samplers exist at the same time, this one included; 1 by default. With {@link
   * IdMapKind#AUTO} their direct-address maps together take at most an eighth of the Java heap.
   */
  public SamplerBuilder samplers(int value) {
    numSamplers = Require.positive("samplers", value);
    return this;
  }

  /**
   * How many edges a batch may have over all hops; without limit by default. As each node but the
   * seeds comes through an edge, it limits the nodes, too.
   */
  public SamplerBuilder maxEdges(long value) {
    maxEdges = value;
    return this;
  }

  long idMapBytes() {
    return Runtime.getRuntime().maxMemory() / 8 / numSamplers;
  }

  /** The graph, if its rows are those of one. */
  Optional<CsrGraph> graph() {
    return rows instanceof CsrRows(CsrGraph graph) ? Optional.of(graph) : Optional.empty();
  }

  /**
   * @throws BadInputException if the draw needs weights or times and there are none, or does not go
   *     with times, or if an id map other than a hash is chosen for times, or if draw, times or
   *     edge positions need the rows of one {@link CsrGraph} and the graph has others
   */
  public NeighborSampler build() {
    boolean readsPositions = draw.needsWeights() || times.isPresent();
    if (edgePositions && !rows.hasEdgePositions() || readsPositions && graph().isEmpty()) {
      throw BadInputException.of(
          "edges of a graph of several parts have no lasting positions",
          "draw",
          draw,
          "edgePositions",
          edgePositions);
    }
    if (draw.needsTimes() && times.isEmpty()) {
      throw BadInputException.of("draws by time need edge times", "draw", draw);
    }
    if (times.isPresent() && idMap == IdMapKind.DIRECT_ADDRESS) {
      throw BadInputException.of("entries with times need a hash map", "idMap", idMap);
    }
    return new NeighborSampler(this);
  }
}
