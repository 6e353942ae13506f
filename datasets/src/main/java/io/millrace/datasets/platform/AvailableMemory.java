package io.millrace.datasets.platform;

import com.sun.management.OperatingSystemMXBean;
import io.millrace.BadInputException;
import io.millrace.Internal;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Checks that the machine has the memory for a piece of work before it begins, because a system
 * that runs out of off-heap memory kills the process without a message. (Module native has its own
 * reader of {@code /proc/meminfo}, because it imports nothing.)
 */
@Internal
public final class AvailableMemory {
  private static final Path MEMINFO = Path.of("/proc/meminfo");

  private AvailableMemory() {}

  /**
   * @param work what the memory is for, for instance "the edges"
   * @throws BadInputException if less than {@code bytes} are available
   */
  public static void require(double bytes, String work, Object... namesAndValues) {
    long available = availableBytes();
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
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long total = system.getTotalMemorySize(); // of the container, if it has a limit
    if (!Files.isReadable(MEMINFO)) {
      return total;
    }
    try (Stream<String> lines = Files.lines(MEMINFO)) {
      return lines
          .filter(line -> line.startsWith("MemAvailable:"))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .map(available -> Math.min(available, total))
          .findFirst()
          .orElse(total);
    } catch (IOException _) {
      return total;
    }
  }
}
