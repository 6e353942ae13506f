package io.millrace.training.inference;

import java.io.IOException;
import java.nio.file.Path;

/** A result file that is being written. Used by one thread, which closes it. */
sealed interface OutputFile extends AutoCloseable permits NpyOutput, CsvOutput {
  /** Size and checksum of a file. */
  record Written(long bytes, String sha256) {}

  /** The path that it is written to; its name is that of the result. */
  Path path();

  /** Appends the results of a chunk. */
  void add(ResultChunk chunk) throws IOException;

  /** Forces the file to disk. */
  Written finish() throws IOException;

  @Override
  void close();
}
