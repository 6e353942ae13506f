package io.millrace.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * How much memory the host has left, for messages. (Module datasets has its own reader of {@code
 * /proc/meminfo}, because this module imports nothing.)
 */
final class HostMemory {
  private static final Path MEMINFO = Path.of("/proc/meminfo");

  private HostMemory() {}

  /** The memory that can be allocated without swapping, in bytes, or "unknown". */
  static String availableBytes() {
    try (Stream<String> lines = Files.lines(MEMINFO)) {
      return lines
          .filter(line -> line.startsWith("MemAvailable:"))
          .map(line -> line.replaceAll("\\D", ""))
          .map(kibibytes -> String.valueOf(Long.parseLong(kibibytes) * 1024))
          .findFirst()
          .orElse("unknown");
    } catch (IOException | RuntimeException e) { // not Linux
      return "unknown";
    }
  }
}
