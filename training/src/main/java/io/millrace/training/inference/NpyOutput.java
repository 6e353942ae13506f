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

/** Writes results as an npy array with one row per node. */
final class NpyOutput implements OutputFile {
  private final Path path;
  private final NpyWriter writer;
  private final Function<ResultChunk, MemorySegment> part;

  /**
   * @param dim number of columns; 0 makes an array of one dimension
   * @param part the rows of a chunk
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

  static MemorySegment predictions(ResultChunk chunk) {
    int[] classes = new int[chunk.size()];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = chunk.predicted(i);
    }
    return MemorySegment.ofArray(classes);
  }

  static MemorySegment labels(ResultChunk chunk) {
    byte[] labels = new byte[chunk.size() * chunk.numClasses()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (chunk.has(i / chunk.numClasses(), i % chunk.numClasses()) ? 1 : 0);
    }
    return MemorySegment.ofArray(labels);
  }

  /** What a model of targets predicts. */
  static MemorySegment values(ResultChunk chunk) {
    return MemorySegment.ofArray(chunk.logits());
  }

  static MemorySegment nodes(ResultChunk chunk) {
    return MemorySegment.ofArray(chunk.nodes());
  }

  static MemorySegment embeddings(ResultChunk chunk) {
    return MemorySegment.ofArray(chunk.embeddings());
  }

  static MemorySegment probabilities(ResultChunk chunk) {
    float[] all = new float[chunk.size() * chunk.numClasses()];
    for (int i = 0; i < chunk.size(); i++) {
      System.arraycopy(chunk.probabilities(i), 0, all, i * chunk.numClasses(), chunk.numClasses());
    }
    return MemorySegment.ofArray(all);
  }

  static MemorySegment topClasses(ResultChunk chunk, int top) {
    int[] classes = new int[chunk.size() * top];
    for (int i = 0; i < chunk.size(); i++) {
      System.arraycopy(chunk.top(i, top), 0, classes, i * top, top);
    }
    return MemorySegment.ofArray(classes);
  }

  static MemorySegment topProbabilities(ResultChunk chunk, int top) {
    float[] shares = new float[chunk.size() * top];
    for (int i = 0; i < chunk.size(); i++) {
      float[] all = chunk.probabilities(i);
      int[] classes = chunk.top(i, top);
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
  public void add(ResultChunk chunk) throws IOException {
    writer.write(part.apply(chunk));
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
