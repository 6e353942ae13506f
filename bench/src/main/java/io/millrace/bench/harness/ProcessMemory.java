package io.millrace.bench.harness;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Memory that this process used: its peak resident size, and what a thread allocated. */
public final class ProcessMemory {
  private static final Path CLEAR = Path.of("/proc/self/clear_refs");

  /** The peak alone; other numbers clear other things: proc_pid_clear_refs(5). */
  private static final String PEAK = "5";

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private ProcessMemory() {}

  /**
   * Restarts the peak of the resident size, which Linux otherwise keeps for the life of a process,
   * from what is resident now.
   *
   * @return false if the system refuses: then the peak remains that of the whole process
   */
  public static boolean restartPeak() {
    try {
      Files.writeString(CLEAR, PEAK, StandardOpenOption.WRITE);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /** Bytes that the current thread has allocated on the heap since its start. */
  public static long allocated() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }
}
