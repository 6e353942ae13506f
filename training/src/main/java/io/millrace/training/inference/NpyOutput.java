package io.millrace.training.inference;

import io.millrace.datasets.npy.NpyType;
import io.millrace.datasets.npy.NpyWriter;
import io.millrace.datasets.platform.FileEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/** Results as an npy array with a row per node. */
final class NpyOutput implements OutputFile {
  private final Path path;
  private final NpyWriter writer;
  private final Function<ResultChunk, MemorySegment> part;

  /**
   * @param dim columns; 0 for an array of one dimension
   * @param part the rows of a block
   */
  NpyOutput(
      Path folder,
      String name,
      NpyType type,
      long numNodes,
      int dim,
      Function<ResultChunk, MemorySegment> part)
      throws IOException {
    this.path = folder.resolve(name);
    this.part = part;
    Files.deleteIfExists(path);
    writer =
        dim == 0
            ? NpyWriter.create(path, type, numNodes)
            : NpyWriter.create(path, type, numNodes, dim);
  }

  static MemorySegment predictions(ResultChunk block) {
    int[] classes = new int[block.size()];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = block.predicted(i);
    }
    return MemorySegment.ofArray(classes);
  }

  static MemorySegment labels(ResultChunk block) {
    byte[] labels = new byte[block.size() * block.numClasses()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (block.has(i / block.numClasses(), i % block.numClasses()) ? 1 : 0);
    }
    return MemorySegment.ofArray(labels);
  }

  static MemorySegment nodes(ResultChunk block) {
    return MemorySegment.ofArray(block.nodes());
  }

  static MemorySegment embeddings(ResultChunk block) {
    return MemorySegment.ofArray(block.embeddings());
  }

  static MemorySegment probabilities(ResultChunk block) {
    float[] all = new float[block.size() * block.numClasses()];
    for (int i = 0; i < block.size(); i++) {
      System.arraycopy(block.probabilities(i), 0, all, i * block.numClasses(), block.numClasses());
    }
    return MemorySegment.ofArray(all);
  }

  static MemorySegment topClasses(ResultChunk block, int top) {
    int[] classes = new int[block.size() * top];
    for (int i = 0; i < block.size(); i++) {
      System.arraycopy(block.top(i, top), 0, classes, i * top, top);
    }
    return MemorySegment.ofArray(classes);
  }

  static MemorySegment topProbabilities(ResultChunk block, int top) {
    float[] shares = new float[block.size() * top];
    for (int i = 0; i < block.size(); i++) {
      float[] all = block.probabilities(i);
      int[] classes = block.top(i, top);
      for (int k = 0; k < top; k++) {
        shares[i * top + k] = all[classes[k]];
      }
    }
    return MemorySegment.ofArray(shares);
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public void add(ResultChunk block) throws IOException {
    writer.write(part.apply(block));
  }

  @Override
  public Written finish() throws IOException {
    FileEntry entry = writer.finish();
    return new Written(entry.bytes(), entry.sha256());
  }

  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
