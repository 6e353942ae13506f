package io.millrace.datasets.text;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Unpacks the pages of a Parquet file with parquet-java; gzip, for which that would need Hadoop,
 * with the JDK. Other codecs that need Hadoop are refused.
 */
final class ParquetCodecs implements CompressionCodecFactory {
  private final CompressionCodecFactory own = new CodecFactory(new PlainParquetConfiguration(), 0);

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
    return switch (codec) {
      case ZSTD -> {
        if (!CodecLibraries.hasZstd()) {
          throw new UnsupportedOperationException(
              "codec is ZSTD, which needs the library zstd-jni on the class path");
        }
        yield own.getDecompressor(codec);
      }
      case UNCOMPRESSED, SNAPPY, LZ4_RAW -> own.getDecompressor(codec);
      case GZIP -> new Gzip();
      default ->
          throw new UnsupportedOperationException(
              "codec is " + codec + ", need gzip, lz4_raw, snappy, zstd or none");
    };
  }

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codec) {
    throw new UnsupportedOperationException("only reads");
  }

  @Override
  public void release() {
    own.release();
  }

  private static final class Gzip implements BytesInputDecompressor {
    @Override
    public BytesInput decompress(BytesInput packed, int size) throws IOException {
      return BytesInput.from(unpack(packed.toInputStream(), size));
    }

    @Override
    public void decompress(ByteBuffer packed, int packedSize, ByteBuffer out, int size)
        throws IOException {
      out.put(unpack(ByteBufferInputStream.wrap(packed), size));
    }

    private static byte[] unpack(InputStream packed, int size) throws IOException {
      try (InputStream in = new GZIPInputStream(packed)) {
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
          throw new EOFException("gzip data is truncated");
        }
        return bytes;
      }
    }

    @Override
    public void release() {}
  }
}
