package io.millrace.datasets.csr;

import io.millrace.Progress;
import io.millrace.datasets.DatasetFile;
import io.millrace.datasets.DatasetWriter;
import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.npy.NpyAppender;
import io.millrace.datasets.platform.FileEntry;
import io.millrace.datasets.platform.IoErrors;
import io.millrace.datasets.platform.Parallel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/** The arrays of a graph as files of a dataset directory. Used by one thread, which closes it. */
final class CsrFiles implements AutoCloseable {
  private final DatasetWriter writer;
  private final Map<DatasetFile, NpyAppender> files = new EnumMap<>(DatasetFile.class);

  private CsrFiles(DatasetWriter writer) {
    this.writer = writer;
  }

  static CsrFiles create(DatasetWriter writer, EdgeColumns columns) throws IOException {
    CsrFiles created = new CsrFiles(writer);
    try {
      for (DatasetFile array : DatasetFile.values()) {
        if (array.isIn(columns)) {
          created.files.put(
              array,
              NpyAppender.create(
                  writer.resolve(array.path()), array.type(), array.rowShape(columns)));
        }
      }
      return created;
    } catch (IOException e) {
      created.close();
      throw e;
    }
  }

  Map<DatasetFile, NpyAppender> arrays() {
    return files;
  }

  /** Puts the edges of each row in the order of their times. */
  void sortByTime(EdgeColumns columns, int numNodes, Progress progress) throws IOException {
    try (Arena arena = Arena.ofShared()) {
      Map<DatasetFile, MemorySegment> arrays = new EnumMap<>(DatasetFile.class);
      for (Map.Entry<DatasetFile, NpyAppender> file : files.entrySet()) {
        arrays.put(file.getKey(), file.getValue().map(arena));
      }
      new RowTimeOrder(columns, arrays).sort(numNodes, progress);
    }
  }

  /** Completes the files, all at once, and lists them in the dataset's description. */
  void finish(int numNodes, long numEdges, Progress progress) {
    DatasetFile[] arrays = files.keySet().toArray(DatasetFile[]::new);
    FileEntry[] entries = new FileEntry[arrays.length];
    Parallel.run(
        arrays.length,
        progress,
        "checksums",
        i -> entries[i] = finish(arrays[i], arrays[i].rows(numNodes, numEdges)));
    for (int i = 0; i < arrays.length; i++) {
      writer.add(arrays[i].path(), entries[i]);
    }
  }

  private FileEntry finish(DatasetFile array, long rows) {
    NpyAppender file = files.get(array);
    try {
      return file.finish(rows);
    } catch (IOException e) {
      throw IoErrors.cannotWrite(file.file(), array.path(), e);
    }
  }

  @Override
  public void close() throws IOException {
    for (NpyAppender file : files.values()) {
      file.close();
    }
  }
}
