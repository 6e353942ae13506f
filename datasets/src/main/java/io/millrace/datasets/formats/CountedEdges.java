package io.millrace.datasets.formats;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.csr.EdgeBlock;
import java.nio.file.Path;

/** The edges of a file of which another file says how many they are. */
@Internal
public final class CountedEdges implements EdgeInput {
  private final EdgeInput edges;
  private final Path file;
  private final long numEdges;

  public CountedEdges(EdgeInput edges, Path file, long numEdges) {
    this.edges = edges;
    this.file = file;
    this.numEdges = numEdges;
  }

  @Override
  public long next(EdgeBlock block) {
    return edges.next(block);
  }

  @Override
  public long numEdges() {
    return numEdges;
  }

  @Override
  public void end(long found) {
    if (found != numEdges) {
      throw BadInputException.of(
          found < numEdges ? "too few lines" : "too many lines",
          "file",
          file,
          "lines",
          found,
          "need",
          numEdges);
    }
  }

  @Override
  public void close() {
    edges.close();
  }
}
