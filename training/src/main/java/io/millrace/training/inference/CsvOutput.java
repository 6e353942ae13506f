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
 * probable classes {@code node,class_1,probability_1,...}. UTF-8, one line per node.
 */
final class CsvOutput implements OutputFile {
  private final Path path;
  private final int top;
  private final IntFunction<String> ids;
  private final IntFunction<String> classes;
  private final FileChannel channel;
  private final DigestOutputStream out;

  CsvOutput(Path folder, int top, OutputOptions choice) throws IOException {
    this.path = folder.resolve("predictions.csv");
    this.top = top;
    ids = names(choice.ids(), choice);
    classes = names(choice.classes(), choice);
    channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
    OutputStream bytes = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
    out = new DigestOutputStream(bytes, Checksums.sha256());
    StringBuilder head = new StringBuilder("node");
    for (int k = 1; k <= top; k++) {
      String suffix = top == 1 ? "" : "_" + k;
      head.append(",class").append(suffix).append(",probability").append(suffix);
    }
    line(head);
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
      float[] shares = chunk.probabilities(i);
      for (int c : chunk.top(i, top)) {
        line.append(',').append(quoted(classes.apply(c))).append(',').append(shares[c]);
      }
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
