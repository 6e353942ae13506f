package io.millrace.datasets.platform;

import com.sun.management.OperatingSystemMXBean;
import io.millrace.BadInputException;
import io.millrace.Internal;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Checks that the machine has the memory for a piece of work before it begins, because a system
 * that runs out of off-heap memory kills the process without a message. (Module native has its own
 * reader of {@code /proc/meminfo}, because it imports nothing.)
 */
@Internal
public final class AvailableMemory {
  private static final Path MEMINFO = Path.of("/proc/meminfo");
  private static final Path STATUS = Path.of("/proc/self/status");

  private AvailableMemory() {}

  /**
   * @param work what the memory is for, for instance "the edges"
   * @throws BadInputException if less than {@code bytes} are available
   */
  public static void require(double bytes, String work, Object... namesAndValues) {
    require(availableBytes(), bytes, work, namesAndValues);
  }

  /**
   * The same for work whose memory this process may hold in part already: refuses only what cannot
   * fit.
   *
   * @throws BadInputException if {@code bytes} are more than this process can have
   */
  public static void requireAttainable(double bytes, String work, Object... namesAndValues) {
    require(attainableBytes(), bytes, work, namesAndValues);
  }

  private static void require(long available, double bytes, String work, Object... namesAndValues) {
    if (bytes > available) {
      Object[] all = new Object[namesAndValues.length + 4];
      System.arraycopy(namesAndValues, 0, all, 0, namesAndValues.length);
      all[all.length - 4] = "needBytes";
      all[all.length - 3] = String.format(Locale.ROOT, "%.0f", bytes);
      all[all.length - 2] = "availableBytes";
      all[all.length - 1] = available;
      throw BadInputException.of("not enough memory for " + work, all);
    }
  }

  /**
   * Bytes that the system can provide now: free memory and caches. All memory where Linux's figure
   * is missing.
   */
  public static long availableBytes() {
    long total = system().getTotalMemorySize();
    return Math.min(total, bytes(MEMINFO, "MemAvailable:").orElse(total));
  }

  /**
   * Bytes that this process can have at most, swap included: those that it holds, and what is
   * available. What is held is read first, so that memory that is freed meanwhile is not missed.
   */
  public static long attainableBytes() {
    long held = bytes(STATUS, "VmRSS:").orElse(0) + bytes(STATUS, "VmSwap:").orElse(0);
    OperatingSystemMXBean system = system();
    return attainable(
        held,
        availableBytes(),
        system.getFreeSwapSpaceSize(),
        system.getTotalMemorySize() + system.getTotalSwapSpaceSize());
  }

  /**
   * @param total of memory and swap
   */
  static long attainable(long held, long available, long freeSwap, long total) {
    return Math.min(total, held + available + freeSwap);
  }

  /** Its figures are those of the container, if it has a limit. */
  private static OperatingSystemMXBean system() {
    return (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  }

  /** A figure of one of Linux's files, which are in KiB. */
  private static OptionalLong bytes(Path file, String key) {
    if (!Files.isReadable(file)) {
      return OptionalLong.empty();
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(key))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst();
    } catch (IOException _) {
      return OptionalLong.empty();
    }
  }
}
