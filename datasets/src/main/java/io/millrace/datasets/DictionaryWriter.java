package io.millrace.datasets;

import io.millrace.Internal;
import io.millrace.Progress;
import io.millrace.datasets.npy.NpyArray;
import io.millrace.datasets.npy.NpyType;
import io.millrace.datasets.npy.NpyWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.IntFunction;

/** Writes the files of a {@link NodeDictionary}: the names as a stream, then their index. */
@Internal
public final class DictionaryWriter {
  private static final int NAMES_PER_WRITE = 1 << 13;

  private final IntFunction<byte[]> names;
  private final int numNodes;

  /**
   * @param names the name of each node as UTF-8
   */
  public DictionaryWriter(IntFunction<byte[]> names, int numNodes) {
    this.names = names;
    this.numNodes = numNodes;
  }

  public void writeTo(DatasetWriter writer, Progress progress) {
    long[] offsets = new long[numNodes + 1];
    for (int node = 0; node < numNodes; node++) {
      offsets[node + 1] = offsets[node] + names.apply(node).length;
    }
    writer.write(
        DatasetFile.NAME_OFFSETS.path(),
        NpyType.INT64,
        new long[] {numNodes + 1L},
        npy -> npy.write(MemorySegment.ofArray(offsets)));
    writer.write(
        DatasetFile.NAME_BYTES.path(),
        NpyType.UINT8,
        new long[] {offsets[numNodes]},
        npy -> writeBytes(offsets, npy));
    writer.write(
        DatasetFile.BUCKET_STARTS.path(),
        NpyType.INT32,
        new long[] {NameIndex.numStarts(numNodes)},
        starts ->
            writer.write(
                DatasetFile.BUCKET_NODES.path(),
                NpyType.INT32,
                new long[] {numNodes},
                nodes ->
                    writeIndex(MemorySegment.ofArray(offsets), writer, starts, nodes, progress)));
  }

  private void writeBytes(long[] offsets, NpyWriter npy) throws IOException {
    for (int first = 0; first < numNodes; first += NAMES_PER_WRITE) {
      int end = Math.min(numNodes, first + NAMES_PER_WRITE);
      byte[] bytes = new byte[(int) (offsets[end] - offsets[first])];
      for (int node = first; node < end; node++) {
        byte[] name = names.apply(node);
        System.arraycopy(name, 0, bytes, (int) (offsets[node] - offsets[first]), name.length);
      }
      npy.write(MemorySegment.ofArray(bytes));
    }
  }

  /** The index is made from the names as they were written. */
  private static void writeIndex(
      MemorySegment offsets,
      DatasetWriter writer,
      NpyWriter starts,
      NpyWriter nodes,
      Progress progress)
      throws IOException {
    try (Arena arena = Arena.ofShared()) {
      NpyArray bytes =
          NpyArray.map(writer.resolve(DatasetFile.NAME_BYTES.path()), NpyType.UINT8, 1, arena);
      NodeNames written = new NodeNames(bytes.file().getParent(), offsets, bytes.data());
      new NameIndexBuilder(written, progress).writeTo(starts::write, nodes::write);
    }
  }
}
