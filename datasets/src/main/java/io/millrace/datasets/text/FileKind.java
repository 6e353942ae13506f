package io.millrace.datasets.text;

import io.millrace.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/** Recognises files by their first bytes that are no text, so that they are refused by name. */
enum FileKind {
  ZIP("504b0304", "zip archive; unpack it first (unzip)"),
  XZ("fd377a585a00", "xz file; unpack it first (unxz), or pack it with gzip"),
  SEVEN_ZIP("377abcaf271c", "7z archive; unpack it first (7z x)"),
  BZIP2("425a68", "bzip2 file; unpack it first (bunzip2), or pack it with gzip"),
  GZIP("1f8b08", "gzip file; its name must end in .gz"),
  ZSTD("28b52ffd", "zstd file; its name must end in .zst"),
  PARQUET("50415231", "Parquet file; its name must end in .parquet"),
  NUMPY("934e554d5059", "numpy array; its name must end in .npy"),
  HDF5("894844460d0a1a0a", "HDF5 file; write its table as csv or Parquet first");

  private static final int START_BYTES = 16;
  private static final int TAR_MARK = 257;
  private static final byte[] TAR = "ustar".getBytes(StandardCharsets.US_ASCII);

  /** What follows "BZh" and a digit, so that text may begin with these letters. */
  private static final byte[] BZIP2_BLOCK = HexFormat.of().parseHex("314159265359");

  private final byte[] mark;
  private final String words;

  FileKind(String mark, String words) {
    this.mark = HexFormat.of().parseHex(mark);
    this.words = words;
  }

  /**
   * Refuses a file that is packed, but not as its name says.
   *
   * @return the same bytes
   */
  static InputStream requirePacking(Path file, InputStream in) throws IOException {
    PushbackInputStream all = new PushbackInputStream(in, START_BYTES);
    byte[] start = peek(all, START_BYTES);
    String name = file.toString();
    for (FileKind kind : values()) {
      boolean named = kind == GZIP && name.endsWith(".gz") || kind == ZSTD && name.endsWith(".zst");
      if (!named && kind.begins(start)) {
        throw BadInputException.of("this is a " + kind.words, "file", file);
      }
    }
    return all;
  }

  private boolean begins(byte[] start) {
    return startsWith(start, 0, mark) && (this != BZIP2 || startsWith(start, 4, BZIP2_BLOCK));
  }

  /**
   * Refuses an archive inside a packed file.
   *
   * @return the same bytes
   */
  static InputStream requireText(Path file, InputStream in) throws IOException {
    PushbackInputStream all = new PushbackInputStream(in, TAR_MARK + TAR.length);
    byte[] start;
    try {
      start = peek(all, TAR_MARK + TAR.length);
    } catch (IOException e) {
      throw TextFile.error(file, 1, e);
    }
    if (startsWith(start, TAR_MARK, TAR)) {
      throw BadInputException.of("this is a tar archive; unpack it first (tar xf)", "file", file);
    }
    return all;
  }

  private static byte[] peek(PushbackInputStream in, int length) throws IOException {
    byte[] start = in.readNBytes(length);
    in.unread(start);
    return start;
  }

  private static boolean startsWith(byte[] bytes, int from, byte[] part) {
    int to = from + part.length;
    return bytes.length >= to && Arrays.equals(bytes, from, to, part, 0, part.length);
  }
}
