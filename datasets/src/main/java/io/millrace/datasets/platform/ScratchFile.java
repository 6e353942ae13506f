package io.millrace.datasets.platform;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Memory of a temporary file, for what is laid down in one order and read in another. */
@Internal
public final class ScratchFile {
  private ScratchFile() {}

  /**
   * @param file must not exist; its name is gone at once, its room on disk when the arena is closed
   * @param what it holds, for errors
   * @throws BadInputException if there is not the room: a mapped file that finds none ends the JVM
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
