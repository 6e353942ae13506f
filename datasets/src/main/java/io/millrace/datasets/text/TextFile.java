package io.millrace.datasets.text;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.IoErrors;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.ZipException;

/**
 * Opens a text file that may be packed: {@code .gz} and {@code .zst} are unpacked while they are
 * read, {@code .parquet} is presented as csv ({@link ParquetAsCsv}). Stateless.
 */
final class TextFile {
  private static final int BUFFER_BYTES = 1 << 18;

  private TextFile() {}

  static InputStream open(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw BadInputException.of("need a file, not a directory", "file", file);
      }
      if (isParquet(file)) {
        return parquet(file);
      }
      IoErrors.requireRegular(file);
      InputStream in = Files.newInputStream(file);
      try {
        return FileKind.requireText(file, unpacked(file, in));
      } catch (IOException | RuntimeException e) {
        in.close();
        throw e;
      }
    } catch (NoSuchFileException _) {
      throw BadInputException.of("missing file", "file", file);
    } catch (EOFException _) {
      throw BadInputException.of("gzip file is truncated", "file", file);
    } catch (ZipException e) {
      throw BadInputException.of("not a gzip file", "file", file, "cause", e.getMessage());
    } catch (IOException e) {
      throw IoErrors.cannotRead(file, e);
    }
  }

  static boolean isParquet(Path file) {
    return file.toString().endsWith(".parquet");
  }

  private static InputStream parquet(Path file) throws IOException {
    if (Files.notExists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    IoErrors.requireRegular(file);
    CodecLibraries.prepare();
    try {
      return ParquetAsCsv.open(file);
    } catch (NoClassDefFoundError e) {
      throw new BadInputException(
          "parquet needs the library parquet-floor on the class path; or convert it with: duckdb -c"
              + " \"COPY (FROM 'X.parquet') TO 'X.csv'\": file="
              + file,
          e);
    }
  }

  private static InputStream unpacked(Path file, InputStream packed) throws IOException {
    String name = file.toString();
    InputStream in = FileKind.requirePacking(file, packed);
    if (name.endsWith(".gz")) {
      return new GzipInput(in, BUFFER_BYTES);
    }
    if (name.endsWith(".zst")) {
      return zstd(file, in);
    }
    return in;
  }

  private static InputStream zstd(Path file, InputStream in) throws IOException {
    try {
      return ZstdInput.open(in);
    } catch (NoClassDefFoundError e) {
      throw new BadInputException(
          "zstd needs the library zstd-jni on the class path; or unpack it with: zstd -d X.zst:"
              + " file="
              + file,
          e);
    }
  }

  /**
   * The error for a failure while reading.
   *
   * @param line the line that could not be read
   */
  static BadInputException error(Path file, long line, IOException e) {
    return switch (e) {
      case EOFException _ ->
          BadInputException.of("gzip file is truncated", "file", file, "line", line);
      case ZipException z ->
          BadInputException.of(
              "gzip file is damaged", "file", file, "line", line, "cause", z.getMessage());
      case IOException z when CodecLibraries.hasZstd() && ZstdInput.isDamage(z) ->
          BadInputException.of(
              "zstd file is damaged or truncated",
              "file",
              file,
              "line",
              line,
              "cause",
              z.getMessage());
      default -> IoErrors.cannotRead(file, e);
    };
  }
}
