package io.millrace.training.inference.chunks;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.npy.NpyArray;
import io.millrace.datasets.npy.NpyRows;
import io.millrace.datasets.npy.NpyType;
import io.millrace.datasets.platform.Access;
import io.millrace.datasets.platform.AtomicFile;
import io.millrace.datasets.platform.FileTree;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The files of a pass: one for the rows of all nodes, and a small one with a checksum for each
 * range that is done.
 *
 * <pre>
 *   DIR/state.npy      float32 [numNodes x dim], written range by range
 *   DIR/shard-00007    "crc32c=1f2e3d4c": renamed into place when the rows of range 7 are written
 * </pre>
 *
 * <p>A range counts as done if it has its small file and its rows have that checksum. A range that
 * a killed process or a power cut has left half-written is therefore detected and computed again
 * before any of its rows is read. There is no state other than the files; several processes may use
 * the same folder.
 *
 * @param folder a folder that belongs to this pass alone
 * @param nodes the nodes whose rows are computed
 * @param dim number of columns of a row
 */
@Internal
public record PassFiles(Path folder, NodeSet nodes, NodeRanges ranges, int dim) {
  private static final int BUFFER_ROWS_BYTES = 1 << 20;

  /** Makes the folder and the file for the rows if they are missing; one process at a time. */
  public void create() {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new BadInputException("cannot write: folder=" + folder + ", cause=" + e, e);
    }
    NpyRows.create(state(), ranges.numNodes(), dim);
  }

  public Path state() {
    return folder.resolve("state.npy");
  }

  /** The rows for writing and reading, before all ranges are done. */
  public NpyRows openRows() {
    return NpyRows.open(state(), ranges.numNodes(), dim);
  }

  private Path record(int range) {
    return folder.resolve(String.format(Locale.ROOT, "shard-%05d", range));
  }

  /**
   * The rows of all nodes, mapped; do not read those of ranges that are not done.
   *
   * @param onDisk whether rows that memory does not hold are read from the file, all of a batch at
   *     once
   */
  public FeatureMatrix rows(Arena arena, boolean onDisk) {
    NpyArray array = NpyArray.map(state(), NpyType.FLOAT32, 2, arena);
    Access access = Access.ofRows(array.data().byteSize());
    access.advise(array.data());
    FeatureMatrix rows =
        FeatureMatrix.of(ranges.numNodes(), dim, FeatureType.FLOAT32, array.data());
    return onDisk && access == Access.RANDOM ? rows.onDisk(state()) : rows;
  }

  /** Records that the rows of a range are written. */
  public void commit(int range, CRC32C checksum) {
    AtomicFile.write(record(range), text(checksum), folder);
  }

  /** Whether all ranges are done; reads no rows if a small file is missing. */
  public boolean allDone() {
    return ranges.all().allMatch(this::recorded) && ranges.all().allMatch(this::done);
  }

  private boolean recorded(int range) {
    return Files.exists(record(range)) && Files.exists(state());
  }

  /** Whether a range is done and its rows are intact. */
  public boolean done(int range) {
    Optional<String> recorded = AtomicFile.read(record(range));
    if (recorded.isEmpty() || !Files.exists(state())) {
      return false;
    }
    try (NpyRows rows = openRows()) {
      return recorded.get().equals(text(checksum(rows, range)));
    }
  }

  private CRC32C checksum(NpyRows rows, int range) {
    CRC32C crc = new CRC32C();
    int step = Math.max(1, BUFFER_ROWS_BYTES / rows.rowBytes());
    ByteBuffer buffer = ByteBuffer.allocateDirect(step * rows.rowBytes());
    int end = ranges.end(range);
    for (int begin = nodes.next(ranges.begin(range)); begin < end; ) {
      int runEnd = nodes.runEnd(begin, Math.min(end, begin + step));
      buffer.clear().limit((runEnd - begin) * rows.rowBytes());
      rows.read(begin, buffer);
      crc.update(buffer.flip());
      begin = nodes.next(runEnd);
    }
    return crc;
  }

  private static String text(CRC32C checksum) {
    return "crc32c=%08x%n".formatted(checksum.getValue());
  }

  /** The number of rows in a range. */
  public int numRows(int range) {
    return nodes.count(ranges.begin(range), ranges.end(range));
  }

  /** The bytes that the missing rows will take on disk. */
  public long missingBytes() {
    long rows = ranges.all().filter(range -> !recorded(range)).mapToLong(this::numRows).sum();
    return rows * dim * Float.BYTES;
  }

  public void delete() {
    delete(folder);
  }

  /** Deletes a folder and everything in it. */
  public static void delete(Path folder) {
    try {
      FileTree.delete(folder);
    } catch (IOException e) {
      throw new BadInputException("cannot delete: folder=" + folder + ", cause=" + e, e);
    }
  }
}
