package io.millrace.datasets.platform;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Maps a temporary file as memory, for data that is written in one order and read in another. */
@Internal
public final class ScratchFile {
  private ScratchFile() {}

  /**
   * @param file must not exist; its name is deleted at once, its space on disk when the arena is
   *     closed
   * @param what the file holds, for errors
   * @throws BadInputException if the disk has too little room, because a write to a mapped file on
   *     a full disk ends the JVM
   */
  public static MemorySegment map(Path file, String what, long bytes, Arena arena) {
    DiskSpace.require(file.getParent(), bytes);
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
    } catch (IOException e) {
      throw IoErrors.cannotWrite(file, what, e);
    }
  }
}
