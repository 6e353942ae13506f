package io.millrace.datasets.text;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.InputLocation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.DummyRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.MessageType;

/**
 * Presents a Parquet file as csv text with a header, so that all readers of text tables read
 * Parquet too. Their messages count rows as lines of that text; the header is line 1. {@link
 * ParquetCells} decides which columns are read and how their values are written. Columns of lists
 * come after all others.
 *
 * <p>One row group is in memory at a time. Used by one thread, which closes it. Its library is
 * optional: see {@link TextFile}.
 */
final class ParquetAsCsv extends InputStream {
  private static final int BLOCK_CHARS = 1 << 16;

  private final Path file;
  private final ParquetFileReader reader;
  private final List<ColumnDescriptor> columns;
  private final List<ParquetCells> cells;
  private final StringBuilder text = new StringBuilder(2 * BLOCK_CHARS);
  private List<ColumnReader> group = List.of();
  private long rowsLeft;
  private long row;
  private byte[] bytes;
  private int position;

  private ParquetAsCsv(Path file, ParquetFileReader reader) {
    this.file = file;
    this.reader = reader;
    columns =
        schema().getColumns().stream()
            .filter(column -> ParquetCells.of(column).isPresent() && isOnlyLeaf(column))
            .sorted(Comparator.comparing(ParquetAsCsv::isList)) // does not move the others
            .toList();
    cells = columns.stream().map(column -> ParquetCells.of(column).orElseThrow()).toList();
    if (columns.isEmpty()) {
      throw BadInputException.of("parquet file has no column of numbers or text", "file", file);
    }
    bytes = header();
  }

  /**
   * @throws BadInputException if it is no Parquet file
   * @throws NoClassDefFoundError if the library is not there
   */
  static ParquetAsCsv open(Path file) throws IOException {
    ParquetReadOptions options =
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .withCodecFactory(new ParquetCodecs())
            .build();
    ParquetFileReader reader;
    try {
      reader = ParquetFileReader.open(new LocalInputFile(file), options);
    } catch (RuntimeException e) {
      throw BadInputException.of("not a parquet file", "file", file, "cause", cause(e));
    }
    try {
      return new ParquetAsCsv(file, reader);
    } catch (MalformedFieldException e) {
      reader.close();
      throw e.at((rule, values) -> InputLocation.error(rule, new Object[] {"file", file}, values));
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  private FileMetaData metadata() {
    return reader.getFooter().getFileMetaData();
  }

  private MessageType schema() {
    return metadata().getSchema();
  }

  private static boolean isList(ColumnDescriptor column) {
    return column.getMaxRepetitionLevel() > 0;
  }

  /** Not one of several columns of a map or of structures in a list. */
  private boolean isOnlyLeaf(ColumnDescriptor column) {
    String name = column.getPath()[0];
    return schema().getColumns().stream().filter(c -> c.getPath()[0].equals(name)).count() == 1;
  }

  private byte[] header() {
    List<String> names = new ArrayList<>();
    for (ColumnDescriptor column : columns) {
      StringBuilder name = new StringBuilder();
      ParquetCells.text(column.getPath()[0], name);
      names.add(name.toString());
    }
    return (String.join(",", names) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    if (position == bytes.length && !fill()) {
      return -1;
    }
    int count = Math.min(length, bytes.length - position);
    System.arraycopy(bytes, position, target, offset, count);
    position += count;
    return count;
  }

  /** Writes out the next rows, if there are any. */
  private boolean fill() {
    try {
      while (rowsLeft == 0) {
        PageReadStore pages = reader.readNextRowGroup();
        if (pages == null) {
          return false;
        }
        begin(pages);
      }
      text.setLength(0);
      for (; rowsLeft > 0 && text.length() < BLOCK_CHARS; rowsLeft--, row++) {
        for (int i = 0; i < cells.size(); i++) {
          cells.get(i).append(group.get(i), text);
          text.append(i + 1 < cells.size() ? ',' : '\n');
        }
      }
    } catch (MalformedFieldException e) {
      throw e.at(
          (rule, values) ->
              InputLocation.error(rule, new Object[] {"file", file, "row", row}, values));
    } catch (UnsupportedOperationException e) {
      throw BadInputException.of("cannot read parquet file", "file", file, "cause", cause(e));
    } catch (IOException | RuntimeException e) {
      throw BadInputException.of(
          "parquet file is damaged", "file", file, "row", row, "cause", cause(e));
    }
    bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    position = 0;
    return true;
  }

  private void begin(PageReadStore pages) throws IOException {
    MessageType schema = schema();
    ColumnReadStoreImpl store =
        new ColumnReadStoreImpl(
            pages,
            new DummyRecordConverter(schema).getRootConverter(),
            schema,
            metadata().getCreatedBy());
    group = columns.stream().map(store::getColumnReader).toList();
    long rows = pages.getRowCount();
    if (rows < 0
        || columns.stream().anyMatch(it -> pages.getPageReader(it).getTotalValueCount() < rows)) {
      throw new IOException("a row group declares " + rows + " rows, more than it has values");
    }
    rowsLeft = rows;
  }

  /** The library's messages may have several lines. */
  private static String cause(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
