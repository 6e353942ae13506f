package io.millrace.datasets.formats.matrix;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.formats.EdgeInput;
import io.millrace.datasets.text.LineReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A Matrix Market file, plain or packed. */
final class MatrixMarketFile implements MatrixFile {
  private final Path file;
  private final LineReader lines;
  private final MatrixMarketHeader header;
  private final boolean edgeIds;

  private MatrixMarketFile(
      Path file, LineReader lines, MatrixMarketHeader header, boolean edgeIds) {
    this.file = file;
    this.lines = lines;
    this.header = header;
    this.edgeIds = edgeIds;
  }

  static boolean isOne(Path file) {
    String name = file.toString();
    if (name.matches(".*\\.mtx(\\.gz|\\.zst)?")) {
      return true;
    }
    if (name.endsWith(".parquet")) {
      return false;
    }
    try (LineReader lines = LineReader.open(file)) {
      int length = MatrixMarketHeader.BANNER.length();
      return lines.next()
          && lines.end() - lines.start() >= length
          && new String(lines.buffer(), lines.start(), length, StandardCharsets.ISO_8859_1)
              .equalsIgnoreCase(MatrixMarketHeader.BANNER);
    }
  }

  static MatrixMarketFile open(Path file, boolean edgeIds) {
    LineReader lines = LineReader.open(file);
    try {
      MatrixMarketHeader header = MatrixMarketHeader.read(file, lines);
      if (edgeIds && header.symmetric()) {
        throw BadInputException.of(
            "edges of a symmetric matrix have no position in the input", "file", file);
      }
      return new MatrixMarketFile(file, lines, header, edgeIds);
    } catch (RuntimeException | Error e) {
      lines.close();
      throw e;
    }
  }

  @Override
  public int maxNodes() {
    return header.numNodes();
  }

  @Override
  public EdgeInput edges(int maxNodes, Path scratch, Progress progress) {
    return new MatrixMarketEdges(file, lines, header, edgeIds);
  }

  @Override
  public int numNodes() {
    return header.numNodes();
  }

  @Override
  public List<String> notes() {
    return List.of(
        "%s: Matrix Market, %s rows, %s entries, %s, %s"
            .formatted(
                file.getFileName(),
                header.numNodes(),
                header.numEntries(),
                header.weights() ? "values are weights" : "without values",
                header.symmetric() ? "symmetric: both directions" : "not symmetric"));
  }

  @Override
  public void close() {
    lines.close();
  }
}
