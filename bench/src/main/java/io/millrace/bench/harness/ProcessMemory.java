package io.millrace.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The most memory that was resident, which Linux counts for the life of a process or anew. */
public final class ProcessMemory {
  private static final Path CLEAR = Path.of("/proc/self/clear_refs");

  /** The peak alone; other numbers clear other things: proc_pid_clear_refs(5). */
  private static final String PEAK = "5";

  private ProcessMemory() {}

  /**
   * Counts anew, from what is resident now.
   *
   * @return false where that cannot be had: the peak stays that of the whole process
   */
  public static boolean restart() {
    try {
      Files.writeString(CLEAR, PEAK, StandardOpenOption.WRITE);
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
