package io.millrace.spark.scoring;

import io.millrace.training.files.ModelFile;
import java.io.Serial;
import java.io.Serializable;

/**
 * A model as Spark sends it to executors: the bytes of its file, which each executor reads once.
 * Shared by all threads.
 */
final class SharedModel implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  private final byte[] bytes;
  private transient ModelFile file;

  SharedModel(byte[] bytes) {
    this.bytes = bytes;
  }

  synchronized ModelFile file() {
    if (file == null) {
      file = ModelFile.ofBytes(bytes);
    }
    return file;
  }
}
