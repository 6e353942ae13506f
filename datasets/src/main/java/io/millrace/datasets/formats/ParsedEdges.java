package io.millrace.datasets.formats;

import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.csr.EdgeBlock;
import io.millrace.datasets.formats.ids.NodeIds;
import io.millrace.datasets.text.FieldParser;
import io.millrace.datasets.text.FieldSplitter;
import io.millrace.datasets.text.MalformedFieldException;
import java.util.Arrays;

/**
 * The edges that one thread of {@link EdgeText} has parsed from a block of lines: the tokens of
 * source and destination (see {@link NodeIds#token}), and weight and time if the tables have such
 * columns. Used by one thread at a time.
 */
final class ParsedEdges {
  private final EdgeColumns columns;
  private long[] tokens = new long[1 << 12];
  private float[] weights = new float[0];
  private long[] edgeTimes = new long[0];
  private int numEdges;

  ParsedEdges(EdgeColumns columns) {
    this.columns = columns;
  }

  void clear() {
    numEdges = 0;
  }

  void add(long src, long dst) {
    if (2 * numEdges == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * tokens.length);
    }
    tokens[2 * numEdges] = src;
    tokens[2 * numEdges + 1] = dst;
    numEdges++;
  }

  /** Reads weight and time of the edge that was added last. */
  void addValues(EdgeTable table, EdgeTimes times, FieldSplitter fields, byte[] bytes) {
    if (columns.weights()) {
      int column = table.weight().orElseThrow();
      float weight = (float) FieldParser.number(bytes, fields.start(column), fields.end(column));
      if (!Float.isFinite(weight)) {
        throw MalformedFieldException.of(
            "weight is not finite in 32 bits", bytes, fields.start(column), fields.end(column));
      }
      weights = weights.length < numEdges ? Arrays.copyOf(weights, tokens.length / 2) : weights;
      weights[numEdges - 1] = weight;
    }
    if (columns.times()) {
      int column = table.time().orElseThrow();
      edgeTimes =
          edgeTimes.length < numEdges ? Arrays.copyOf(edgeTimes, tokens.length / 2) : edgeTimes;
      edgeTimes[numEdges - 1] = times.read(bytes, fields.start(column), fields.end(column));
    }
  }

  /** Whether no token adds an id. */
  boolean areKnown(NodeIds ids) {
    for (int i = 0; i < 2 * numEdges; i++) {
      if (!ids.isKnown(tokens[i])) {
        return false;
      }
    }
    return true;
  }

  int numEdges() {
    return numEdges;
  }

  long src(int edge) {
    return tokens[2 * edge];
  }

  long dst(int edge) {
    return tokens[2 * edge + 1];
  }

  /** Stores weight and time of an edge in the edge that was appended to the block last. */
  void putValues(int edge, EdgeBlock block) {
    int last = block.size() - 1;
    if (columns.weights()) {
      block.weight(last, weights[edge]);
    }
    if (columns.times()) {
      block.time(last, edgeTimes[edge]);
    }
  }
}
