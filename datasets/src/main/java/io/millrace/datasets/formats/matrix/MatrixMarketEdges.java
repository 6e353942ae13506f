package io.millrace.datasets.formats.matrix;

import io.millrace.BadInputException;
import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.csr.EdgeBlock;
import io.millrace.datasets.formats.EdgeInput;
import io.millrace.datasets.platform.InputLocation;
import io.millrace.datasets.text.Delimiter;
import io.millrace.datasets.text.FieldParser;
import io.millrace.datasets.text.FieldSplitter;
import io.millrace.datasets.text.LineReader;
import io.millrace.datasets.text.MalformedFieldException;
import java.nio.file.Path;

/**
 * The entries of a Matrix Market file, one a line: {@code row column [value]}, counted from 1. One
 * thread at a time reads, while the others sort what they have.
 */
final class MatrixMarketEdges implements EdgeInput {
  private final Path file;
  private final LineReader lines;
  private final MatrixMarketHeader header;
  private final EdgeColumns columns;
  private final FieldSplitter fields = new FieldSplitter(Delimiter.BLANKS);
  private final int numFields;
  private int src;
  private int dst;
  private float weight;
  private boolean mirror;
  private long numRead;
  private long numEdges;
  private boolean over;

  MatrixMarketEdges(Path file, LineReader lines, MatrixMarketHeader header, boolean edgeIds) {
    this.file = file;
    this.lines = lines;
    this.header = header;
    columns = new EdgeColumns(edgeIds, header.weights(), false, 0);
    numFields = header.weights() ? 3 : 2;
  }

  @Override
  public EdgeColumns columns() {
    return columns;
  }

  @Override
  public long numEdges() {
    return header.symmetric() ? -1 : header.numEntries();
  }

  @Override
  public synchronized long next(EdgeBlock block) {
    if (over) {
      return END;
    }
    over = true; // after an error nothing more is read, so that this error is the one reported
    long first = numEdges;
    while (!block.isFull() && nextEdge()) {
      block.add(src, dst);
      if (header.weights()) {
        block.weight(block.size() - 1, weight);
      }
      numEdges++;
    }
    over = numEdges == first;
    return over ? END : first;
  }

  /** Goes to the next edge: the mirrored one of the last entry, or the next entry. */
  private boolean nextEdge() {
    if (mirror) {
      int row = src;
      src = dst;
      dst = row;
      mirror = false;
      return true;
    }
    while (lines.next()) {
      try {
        if (readEntry()) {
          mirror = header.symmetric() && src != dst;
          return true;
        }
      } catch (MalformedFieldException e) {
        throw e.at((rule, values) -> error(file, lines, rule, values));
      }
    }
    if (numRead < header.numEntries()) {
      throw BadInputException.of(
          "too few entries", "file", file, "entries", numRead, "need", header.numEntries());
    }
    return false;
  }

  private boolean readEntry() {
    byte[] bytes = lines.buffer();
    fields.split(bytes, lines.start(), lines.end());
    if (fields.count() == 0 || bytes[fields.start(0)] == '%') {
      return false;
    }
    if (numRead == header.numEntries()) {
      throw new MalformedFieldException("too many entries", "need", header.numEntries());
    }
    if (fields.count() != numFields) {
      throw new MalformedFieldException(
          "wrong number of columns", "columns", fields.count(), "need", numFields);
    }
    src = node(bytes, 0);
    dst = node(bytes, 1);
    if (header.weights()) {
      weight = (float) FieldParser.number(bytes, fields.start(2), fields.end(2));
      if (!Float.isFinite(weight)) {
        throw MalformedFieldException.of(
            "weight is not finite in 32 bits", bytes, fields.start(2), fields.end(2));
      }
    }
    numRead++;
    return true;
  }

  private int node(byte[] bytes, int column) {
    long number = FieldParser.integer(bytes, fields.start(column), fields.end(column));
    if (number < 1 || number > header.numNodes()) {
      throw new MalformedFieldException(
          column == 0 ? "row out of range" : "column out of range",
          "number",
          number,
          "min",
          1,
          "max",
          header.numNodes());
    }
    return (int) (number - 1);
  }

  static BadInputException error(Path file, LineReader lines, String rule, Object... values) {
    return InputLocation.error(rule, new Object[] {"file", file, "line", lines.number()}, values);
  }

  @Override
  public void close() {
    lines.close();
  }
}
