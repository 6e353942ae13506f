package io.millrace.datasets;

import java.nio.file.Path;

/** The lines of {@code edge.csv}, {@code src,dst}. The creator closes it. */
final class OgbEdges extends SequentialEdges implements AutoCloseable {
  private final CsvReader csv;
  private final int numNodes;
  private final long numEdges;

  OgbEdges(Path file, int numNodes, long numEdges) {
    this.csv = CsvReader.open(file);
    this.numNodes = numNodes;
    this.numEdges = numEdges;
  }

  @Override
  void fill(EdgeBlock block) {
    while (!block.isFull() && csv.nextLine()) {
      OgbTables.requireLines(csv, numEdges);
      int src = csv.nextId("edge id out of range", numNodes, "numNodes");
      int dst = csv.nextId("edge id out of range", numNodes, "numNodes");
      csv.endLine();
      block.add(src, dst);
    }
    if (!block.isFull()) {
      OgbTables.requireAllLines(csv, numEdges);
    }
  }

  @Override
  public long numEdges() {
    return numEdges;
  }

  @Override
  public void close() {
    csv.close();
  }
}
