package io.millrace.training;

import java.io.IOException;
import java.nio.file.Path;

/** One file of results in the making, beside its target. One thread, which closes it. */
sealed interface OutputFile extends AutoCloseable permits NpyOutput, CsvOutput {
  /** Size and checksum of a file. */
  record Written(long bytes, String sha256) {}

  Path target();

  /** Where it is written. */
  default Path beside() {
    return target().resolveSibling(target().getFileName() + ".part");
  }

  /** Appends the results of a block. */
  void add(ResultBlock block) throws IOException;

  /** Forces the file to disk. */
  Written finish() throws IOException;

  @Override
  void close();
}
