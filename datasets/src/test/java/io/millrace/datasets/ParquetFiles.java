package io.millrace.datasets;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Writes Parquet files with parquet-java. */
public final class ParquetFiles {
  private ParquetFiles() {}

  /**
   * @param columns of the schema, in Parquet's language
   * @param fill gives a row its values, by the row's number
   */
  public static Path write(
      Path file,
      CompressionCodecName codec,
      String columns,
      int numRows,
      BiConsumer<Integer, Group> fill)
      throws IOException {
    Files.deleteIfExists(file);
    MessageType schema = MessageTypeParser.parseMessageType("message table {" + columns + "}");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .withCompressionCodec(codec)
            .withCodecFactory(new Codecs())
            .withRowGroupSize(1L << 16)
            .build()) {
      for (int row = 0; row < numRows; row++) {
        Group group = new SimpleGroup(schema);
        fill.accept(row, group);
        writer.write(group);
      }
    }
    return file;
  }

  /** With gzip, which parquet-java takes from Hadoop. Pages of unknown codecs are gzipped, too. */
  private static final class Codecs implements CompressionCodecFactory {
    private final CompressionCodecFactory own =
        new CodecFactory(new PlainParquetConfiguration(), 1 << 16);

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
      return switch (codec) {
        case UNCOMPRESSED, SNAPPY, ZSTD, LZ4_RAW -> own.getCompressor(codec);
        default -> new Gzip(codec);
      };
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
      throw new UnsupportedOperationException("only writes");
    }

    @Override
    public void release() {
      own.release();
    }
  }

  private record Gzip(CompressionCodecName codec)
      implements CompressionCodecFactory.BytesInputCompressor {
    @Override
    public BytesInput compress(BytesInput bytes) throws IOException {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (OutputStream out = new GZIPOutputStream(packed)) {
        bytes.writeAllTo(out);
      }
      return BytesInput.from(packed);
    }

    @Override
    public CompressionCodecName getCodecName() {
      return codec;
    }

    @Override
    public void release() {}
  }
}
