package io.millrace.datasets.text;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Unpacks zstd. A class of its own, because it cannot be loaded without zstd-jni. Stateless. */
final class ZstdInput {
  private ZstdInput() {}

  /**
   * @throws NoClassDefFoundError if the library is not there
   */
  static InputStream open(InputStream packed) throws IOException {
    CodecLibraries.prepare();
    return new ZstdInputStream(packed);
  }

  static boolean isDamage(IOException e) {
    return e instanceof ZstdIOException;
  }
}
