package io.millrace.training.inference;

import io.millrace.datasets.platform.Checksums;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.util.HexFormat;
import java.util.function.IntFunction;

/**
 * Results as text for people and spreadsheets: {@code node,class,probability}, or with the k most
 * probable classes {@code node,class_1,probability_1,...}; or for targets {@code node} and the
 * value of each. UTF-8, one line per node.
 */
final class CsvOutput implements OutputFile {
  private final Path path;
  private final Row row;
  private final IntFunction<String> ids;
  private final FileChannel channel;
  private final DigestOutputStream out;

  /** What stands behind the node's id. */
  @FunctionalInterface
  private interface Row {
    void append(StringBuilder line, ResultChunk chunk, int i);
  }

  private CsvOutput(Path folder, OutputOptions choice, StringBuilder head, Row row)
      throws IOException {
    this.path = folder.resolve("predictions.csv");
    this.row = row;
    ids = names(choice.ids(), choice);
    channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
    OutputStream bytes = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
    out = new DigestOutputStream(bytes, Checksums.sha256());
    line(head);
  }

  static CsvOutput ofClasses(Path folder, int top, OutputOptions choice) throws IOException {
    StringBuilder head = new StringBuilder("node");
    for (int k = 1; k <= top; k++) {
      String suffix = top == 1 ? "" : "_" + k;
      head.append(",class").append(suffix).append(",probability").append(suffix);
    }
    IntFunction<String> classes = names(choice.classes(), choice);
    return new CsvOutput(
        folder,
        choice,
        head,
        (line, chunk, i) -> {
          float[] shares = chunk.probabilities(i);
          for (int c : chunk.top(i, top)) {
            line.append(',').append(quoted(classes.apply(c))).append(',').append(shares[c]);
          }
        });
  }

  /** A target without a name is {@code value}, or {@code value_1} and so on. */
  static CsvOutput ofTargets(Path folder, int numTargets, OutputOptions choice) throws IOException {
    IntFunction<String> names = names(choice.classes(), choice);
    StringBuilder head = new StringBuilder("node");
    for (int c = 0; c < numTargets; c++) {
      String name = names.apply(c);
      String unnamed = numTargets == 1 ? "value" : "value_" + (c + 1);
      head.append(',').append(name.equals(Integer.toString(c)) ? unnamed : quoted(name));
    }
    return new CsvOutput(
        folder,
        choice,
        head,
        (line, chunk, i) -> {
          for (int c = 0; c < numTargets; c++) {
            line.append(',').append(chunk.logits()[i * numTargets + c]);
          }
        });
  }

  private static IntFunction<String> names(IntFunction<String> names, OutputOptions choice) {
    return choice.spreadsheet() ? number -> uncomputed(names.apply(number)) : names;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public void add(ResultChunk chunk) throws IOException {
    for (int i = 0; i < chunk.size(); i++) {
      StringBuilder line = new StringBuilder(quoted(ids.apply(chunk.nodes()[i])));
      row.append(line, chunk, i);
      line(line);
    }
  }

  private void line(StringBuilder text) throws IOException {
    out.write(text.append('\n').toString().getBytes(StandardCharsets.UTF_8));
  }

  /** A spreadsheet takes what follows an apostrophe as text. */
  static String uncomputed(String name) {
    boolean computed = !name.isEmpty() && "=+-@\t\r".indexOf(name.charAt(0)) >= 0;
    return computed && !name.matches("[+-]?\\d+(\\.\\d+)?") ? "'" + name : name;
  }

  /** Quotes a field as RFC 4180 requires. */
  static String quoted(String name) {
    boolean plain = name.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? name : '"' + name.replace("\"", "\"\"") + '"';
  }

  @Override
  public Written finish() throws IOException {
    out.flush();
    channel.force(true);
    return new Written(
        channel.position(), HexFormat.of().formatHex(out.getMessageDigest().digest()));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
