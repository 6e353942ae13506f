package io.millrace.datasets.formats.ogb;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.csr.EdgeBlock;
import io.millrace.datasets.formats.EdgeInput;
import io.millrace.datasets.formats.EdgeTable;
import io.millrace.datasets.formats.EdgeText;
import io.millrace.datasets.formats.features.FeatureSource;
import io.millrace.datasets.formats.ids.DenseIds;
import io.millrace.datasets.text.CsvReader;
import io.millrace.datasets.text.Delimiter;
import io.millrace.datasets.text.TextFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * OGB's raw csv files.
 *
 * <pre>
 *   raw/num-node-list    one line: nodes               raw/node-feat    one row per node (optional)
 *   raw/num-edge-list    one line: edges               raw/node-label   one line per node (optional)
 *   raw/edge             one line per edge: src,dst
 * </pre>
 */
final class OgbCsv implements OgbRaw {
  private final OgbFolder folder;
  private final int numNodes;
  private final long numEdges;

  OgbCsv(OgbFolder folder) {
    this.folder = folder;
    numNodes = (int) count(folder.require("num-node-list"), 1, Integer.MAX_VALUE - 1);
    numEdges = count(folder.require("num-edge-list"), 0, Long.MAX_VALUE);
  }

  /** The single number in {@code num-node-list} or {@code num-edge-list}. */
  private static long count(Path file, long min, long max) {
    try (CsvReader csv = CsvReader.open(file)) {
      if (!csv.nextLine()) {
        throw BadInputException.of("file is empty", "file", file);
      }
      long count = csv.nextLong();
      csv.endLine();
      if (count < min || count > max) {
        throw csv.error("count out of range", "count", count, "min", min, "max", max);
      }
      if (csv.nextLine()) {
        throw csv.error("folder holds more than one graph");
      }
      return count;
    }
  }

  @Override
  public int numNodes() {
    return numNodes;
  }

  @Override
  public long numEdges() {
    return numEdges;
  }

  @Override
  public EdgeInput edges(Path scratch, Progress progress) {
    Path file = folder.require("edge");
    EdgeTable table = EdgeTable.pairs(TextFormat.plain(file, Delimiter.COMMA, 2));
    return new CountedEdges(EdgeText.open(List.of(table), DenseIds.of(numNodes)), file, numEdges);
  }

  @Override
  public Optional<NodeLabels> labels() {
    return folder.find("node-label").map(file -> OgbLabels.read(file, numNodes));
  }

  @Override
  public Optional<FeatureSource> features(Path scratch) {
    return folder.find("node-feat").map(file -> CsvRows.open(file, numNodes));
  }

  /** The nodes of one split. */
  static int[] nodes(Path file, int numNodes) {
    IntStream.Builder nodes = IntStream.builder();
    try (CsvReader csv = CsvReader.open(file)) {
      while (csv.nextLine()) {
        requireLines(csv, numNodes);
        nodes.add(csv.nextId("split node out of range", numNodes, "numNodes"));
        csv.endLine();
      }
    }
    return nodes.build().toArray();
  }

  /** Called at each line: fails at the first line beyond {@code numLines}. */
  static void requireLines(CsvReader csv, long numLines) {
    if (csv.line() > numLines) {
      throw csv.error("too many lines", "need", numLines);
    }
  }

  /** Called at the end: fails if there were fewer lines. */
  static void requireAllLines(CsvReader csv, long numLines) {
    if (csv.line() != numLines) {
      throw BadInputException.of(
          "too few lines", "file", csv.file(), "lines", csv.line(), "need", numLines);
    }
  }

  /** The edges of {@code edge}, whose number is in {@code num-edge-list}. */
  private record CountedEdges(EdgeInput edges, Path file, long numEdges) implements EdgeInput {
    @Override
    public long next(EdgeBlock block) {
      return edges.next(block);
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
}
