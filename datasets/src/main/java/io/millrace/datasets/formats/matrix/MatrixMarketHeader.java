package io.millrace.datasets.formats.matrix;

import io.millrace.BadInputException;
import io.millrace.datasets.text.Delimiter;
import io.millrace.datasets.text.FieldParser;
import io.millrace.datasets.text.FieldSplitter;
import io.millrace.datasets.text.LineReader;
import io.millrace.datasets.text.MalformedFieldException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The first lines of a Matrix Market file: the banner, comments, and the size.
 *
 * <pre>
 *   %%MatrixMarket matrix coordinate real symmetric
 *   % comments
 *   rows columns entries
 * </pre>
 *
 * @param numEntries lines that follow
 * @param weights whether an entry has a value
 * @param symmetric whether only one triangle is stored
 */
record MatrixMarketHeader(int numNodes, long numEntries, boolean weights, boolean symmetric) {
  static final String BANNER = "%%MatrixMarket";

  /**
   * @param lines at the file's beginning; stays at the line of the size
   */
  static MatrixMarketHeader read(Path file, LineReader lines) {
    String[] words = lines.next() ? text(lines).strip().split("\\s+") : new String[0];
    if (words.length != 5 || !words[0].equalsIgnoreCase(BANNER)) {
      throw BadInputException.of(
          "a Matrix Market file begins with: %%MatrixMarket matrix coordinate FIELD SYMMETRY",
          "file", file);
    }
    String field = words[3].toLowerCase(Locale.ROOT);
    String symmetry = words[4].toLowerCase(Locale.ROOT);
    require(file, "object", words[1], "matrix", "");
    require(file, "format", words[2], "coordinate", "");
    require(file, "field", field, "real, integer, pattern", "double");
    require(file, "symmetry", symmetry, "general, symmetric", "");
    boolean weights = !field.equals("pattern");
    return size(file, lines, weights, symmetry.equals("symmetric"));
  }

  private static void require(Path file, String what, String word, String known, String also) {
    String lower = word.toLowerCase(Locale.ROOT);
    if (!lower.equals(also) && !List.of(known.split(", ")).contains(lower)) {
      throw BadInputException.of(
          "matrix of this kind is no graph of plain weights",
          "file",
          file,
          what,
          lower,
          "need",
          known);
    }
  }

  private static MatrixMarketHeader size(
      Path file, LineReader lines, boolean weights, boolean symmetric) {
    FieldSplitter fields = new FieldSplitter(Delimiter.BLANKS);
    while (lines.next()) {
      byte[] bytes = lines.buffer();
      if (lines.start() < lines.end() && bytes[lines.start()] == '%') {
        continue;
      }
      try {
        fields.split(bytes, lines.start(), lines.end());
        if (fields.count() == 0) {
          continue;
        }
        if (fields.count() != 3) {
          throw new MalformedFieldException("need: rows columns entries", "words", fields.count());
        }
        long rows = FieldParser.integer(bytes, fields.start(0), fields.end(0));
        long columns = FieldParser.integer(bytes, fields.start(1), fields.end(1));
        long entries = FieldParser.integer(bytes, fields.start(2), fields.end(2));
        if (rows != columns || rows < 1 || entries < 0) {
          throw new MalformedFieldException(
              "matrix of a graph is square", "rows", rows, "columns", columns, "entries", entries);
        }
        int numNodes = MatrixFile.requireEdges(file, rows, entries);
        return new MatrixMarketHeader(numNodes, entries, weights, symmetric);
      } catch (MalformedFieldException e) {
        throw e.at((rule, values) -> MatrixMarketEdges.error(file, lines, rule, values));
      }
    }
    throw BadInputException.of("file ends before the size of the matrix", "file", file);
  }

  private static String text(LineReader lines) {
    return new String(
        lines.buffer(), lines.start(), lines.end() - lines.start(), StandardCharsets.UTF_8);
  }
}
