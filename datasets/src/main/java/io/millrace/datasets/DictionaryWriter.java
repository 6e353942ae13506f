package io.millrace.datasets;

import io.millrace.Internal;
import io.millrace.Progress;
import io.millrace.datasets.npy.NpyArray;
import io.millrace.datasets.npy.NpyType;
import io.millrace.datasets.npy.NpyWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.IntFunction;

/** Writes the files of a {@link NodeDictionary}: the names as a stream, then their index. */
@Internal
public final class DictionaryWriter {
  private static final int NAMES_PER_WRITE = 1 << 13;
  private static final int BYTES_PER_WRITE = 1 << 17;

  private final IntFunction<byte[]> names;
  private final int numNodes;
  private long numBytes;

  /**
   * @param names the name of each node as UTF-8
   */
  public DictionaryWriter(IntFunction<byte[]> names, int numNodes) {
    this.names = names;
    this.numNodes = numNodes;
  }

  public void writeTo(DatasetWriter writer, Progress progress) {
    writer.write(
        DatasetFile.NAME_OFFSETS.path(),
        NpyType.INT64,
        new long[] {numNodes + 1L},
        this::writeOffsets);
    writer.write(
        DatasetFile.NAME_BYTES.path(), NpyType.UINT8, new long[] {numBytes}, this::writeBytes);
    writer.write(
        DatasetFile.BUCKET_STARTS.path(),
        NpyType.INT32,
        new long[] {NameIndex.numStarts(numNodes)},
        starts ->
            writer.write(
                DatasetFile.BUCKET_NODES.path(),
                NpyType.INT32,
                new long[] {numNodes},
                nodes -> writeIndex(writer, starts, nodes, progress)));
  }

  private void writeOffsets(NpyWriter npy) throws IOException {
    long end = 0;
    npy.write(MemorySegment.ofArray(new long[] {end}));
    for (int first = 0; first < numNodes; first += NAMES_PER_WRITE) {
      long[] offsets = new long[Math.min(NAMES_PER_WRITE, numNodes - first)];
      for (int i = 0; i < offsets.length; i++) {
        end += names.apply(first + i).length;
        offsets[i] = end;
      }
      npy.write(MemorySegment.ofArray(offsets));
    }
    numBytes = end;
  }

  private void writeBytes(NpyWriter npy) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int node = 0; node < numNodes; node++) {
      bytes.writeBytes(names.apply(node));
      if (bytes.size() >= BYTES_PER_WRITE || node == numNodes - 1) {
        npy.write(MemorySegment.ofArray(bytes.toByteArray()));
        bytes.reset();
      }
    }
  }

  /** The index is made from the names as they were written. */
  private static void writeIndex(
      DatasetWriter writer, NpyWriter starts, NpyWriter nodes, Progress progress)
      throws IOException {
    try (Arena arena = Arena.ofShared()) {
      NpyArray offsets = map(writer, DatasetFile.NAME_OFFSETS, NpyType.INT64, arena);
      NpyArray bytes = map(writer, DatasetFile.NAME_BYTES, NpyType.UINT8, arena);
      NodeNames written = new NodeNames(bytes.file().getParent(), offsets.data(), bytes.data());
      new NameIndexBuilder(written, progress).writeTo(starts::write, nodes::write);
    }
  }

  private static NpyArray map(DatasetWriter writer, DatasetFile file, NpyType type, Arena arena)
      throws IOException {
    return NpyArray.map(writer.resolve(file.path()), type, 1, arena);
  }
}
