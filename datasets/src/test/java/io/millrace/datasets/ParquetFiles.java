package io.millrace.datasets;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Writes Parquet files with parquet-java. */
final class ParquetFiles {
  private ParquetFiles() {}

  /**
   * @param columns of the schema, in Parquet's language
   * @param fill gives a row its values, by the row's number
   */
  static Path write(
      Path file,
      CompressionCodecName codec,
      String columns,
      int numRows,
      BiConsumer<Integer, Group> fill)
      throws IOException {
    MessageType schema = MessageTypeParser.parseMessageType("message table {" + columns + "}");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .withCompressionCodec(codec)
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
}
