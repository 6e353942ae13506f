package io.millrace.cli.command;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Facts about the machine that a measurement or a bug report states. */
public final class Machine {
  private Machine() {}

  /** Number of cores and, on Linux, their name. */
  public static String cpu() {
    return Runtime.getRuntime().availableProcessors() + " cores" + cpuModel();
  }

  /** Name, version and architecture of the operating system. */
  public static String system() {
    return System.getProperty("os.name")
        + " "
        + System.getProperty("os.version")
        + ", "
        + System.getProperty("os.arch");
  }

  /** Version and vendor of the Java that runs this. */
  public static String jdk() {
    return Runtime.version() + ", " + System.getProperty("java.vendor");
  }

  /** Memory of the machine, or of the container. */
  public static long memoryBytes() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getTotalMemorySize();
  }

  /** The processor's name, which only Linux reports; elsewhere the number of cores. */
  private static String cpuModel() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .findFirst()
          .map(line -> ", " + line.substring(line.indexOf(':') + 1).strip())
          .orElse("");
    } catch (IOException _) {
      return "";
    }
  }
}
